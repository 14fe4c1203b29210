import type { AreaCodeBlock } from './area-codes.ts';

/**
 * The territories of the United States and the other countries of the North American plan, every code in service on
 * 2026-11-22. Codes: the phone library's metadata of 2026-07. Zones: the IANA time zone data of 2026. Each lies in one zone.
 */
export const ISLAND_AREA_CODES: readonly (AreaCodeBlock & { country: string })[] = [
  { country: 'AS', states: [], zones: ['Pacific/Pago_Pago'], codes: '684' },
  { country: 'GU', states: [], zones: ['Pacific/Guam'], codes: '671' },
  { country: 'MP', states: [], zones: ['Pacific/Saipan'], codes: '670' },
  { country: 'PR', states: [], zones: ['America/Puerto_Rico'], codes: '787 939' },
  { country: 'VI', states: [], zones: ['America/St_Thomas'], codes: '340' },

  { country: 'AG', states: [], zones: ['America/Antigua'], codes: '268' },
  { country: 'AI', states: [], zones: ['America/Anguilla'], codes: '264' },
  { country: 'BB', states: [], zones: ['America/Barbados'], codes: '246' },
  { country: 'BM', states: [], zones: ['Atlantic/Bermuda'], codes: '441' },
  { country: 'BS', states: [], zones: ['America/Nassau'], codes: '242' },
  { country: 'DM', states: [], zones: ['America/Dominica'], codes: '767' },
  { country: 'DO', states: [], zones: ['America/Santo_Domingo'], codes: '809 829 849' },
  { country: 'GD', states: [], zones: ['America/Grenada'], codes: '473' },
  { country: 'JM', states: [], zones: ['America/Jamaica'], codes: '658 876' },
  { country: 'KN', states: [], zones: ['America/St_Kitts'], codes: '869' },
  { country: 'KY', states: [], zones: ['America/Cayman'], codes: '345' },
  { country: 'LC', states: [], zones: ['America/St_Lucia'], codes: '758' },
  { country: 'MS', states: [], zones: ['America/Montserrat'], codes: '664' },
  { country: 'SX', states: [], zones: ['America/Lower_Princes'], codes: '721' },
  { country: 'TC', states: [], zones: ['America/Grand_Turk'], codes: '649' },
  { country: 'TT', states: [], zones: ['America/Port_of_Spain'], codes: '868' },
  { country: 'VC', states: [], zones: ['America/St_Vincent'], codes: '784' },
  { country: 'VG', states: [], zones: ['America/Tortola'], codes: '284' },
];
