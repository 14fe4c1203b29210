import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';

/**
 * The zones in which the subscribers of a country live, outside the North American plan. Source: the IANA and CLDR data of
 * 2026, reviewed 2026-11-22. One name stands for zones that keep the same clock. Left out: stations without subscribers
 * (Danmarkshavn), the unofficial time of Xinjiang, and Crimea, whose numbers are no longer Ukrainian ones. Mobile numbers of
 * Christmas and the Cocos Islands cannot be told from Australian ones.
 */
const SEVERAL_ZONES: Record<string, string> = {
  AU: 'Australia/Sydney Australia/Adelaide Australia/Brisbane Australia/Darwin Australia/Eucla Australia/Lord_Howe Australia/Perth',
  BR: 'America/Sao_Paulo America/Manaus America/Rio_Branco America/Noronha',
  CD: 'Africa/Kinshasa Africa/Lubumbashi',
  CL: 'America/Santiago America/Punta_Arenas Pacific/Easter',
  EC: 'America/Guayaquil Pacific/Galapagos',
  ES: 'Europe/Madrid Atlantic/Canary',
  FM: 'Pacific/Pohnpei Pacific/Chuuk',
  GL: 'America/Nuuk America/Thule',
  ID: 'Asia/Jakarta Asia/Makassar Asia/Jayapura',
  KI: 'Pacific/Tarawa Pacific/Kanton Pacific/Kiritimati',
  MN: 'Asia/Ulaanbaatar Asia/Hovd',
  MX: 'America/Mexico_City America/Cancun America/Ciudad_Juarez America/Mazatlan America/Ojinaga America/Tijuana',
  NZ: 'Pacific/Auckland Pacific/Chatham',
  PF: 'Pacific/Tahiti Pacific/Marquesas Pacific/Gambier',
  PG: 'Pacific/Port_Moresby Pacific/Bougainville',
  PT: 'Europe/Lisbon Atlantic/Azores',
  RU: 'Europe/Kaliningrad Europe/Moscow Europe/Samara Asia/Yekaterinburg Asia/Omsk Asia/Krasnoyarsk Asia/Irkutsk Asia/Yakutsk Asia/Vladivostok Asia/Magadan Asia/Kamchatka',
};

const ONE_ZONE = `
  AC:Atlantic/St_Helena AD:Europe/Andorra AE:Asia/Dubai AF:Asia/Kabul AL:Europe/Tirane AM:Asia/Yerevan
  AO:Africa/Luanda AR:America/Argentina/Buenos_Aires AT:Europe/Vienna AW:America/Aruba AX:Europe/Mariehamn
  AZ:Asia/Baku BA:Europe/Sarajevo BD:Asia/Dhaka BE:Europe/Brussels BF:Africa/Ouagadougou BG:Europe/Sofia
  BH:Asia/Bahrain BI:Africa/Bujumbura BJ:Africa/Porto-Novo BL:America/St_Barthelemy BN:Asia/Brunei
  BO:America/La_Paz BQ:America/Kralendijk BT:Asia/Thimphu BW:Africa/Gaborone BY:Europe/Minsk
  BZ:America/Belize CC:Indian/Cocos CF:Africa/Bangui CG:Africa/Brazzaville CH:Europe/Zurich
  CI:Africa/Abidjan CK:Pacific/Rarotonga CM:Africa/Douala CN:Asia/Shanghai CO:America/Bogota
  CR:America/Costa_Rica CU:America/Havana CV:Atlantic/Cape_Verde CW:America/Curacao CX:Indian/Christmas
  CY:Asia/Nicosia CZ:Europe/Prague DE:Europe/Berlin DJ:Africa/Djibouti DK:Europe/Copenhagen
  DZ:Africa/Algiers EE:Europe/Tallinn EG:Africa/Cairo EH:Africa/El_Aaiun ER:Africa/Asmara
  ET:Africa/Addis_Ababa FI:Europe/Helsinki FJ:Pacific/Fiji FK:Atlantic/Stanley FO:Atlantic/Faroe
  FR:Europe/Paris GA:Africa/Libreville GB:Europe/London GE:Asia/Tbilisi GF:America/Cayenne
  GG:Europe/Guernsey GH:Africa/Accra GI:Europe/Gibraltar GM:Africa/Banjul GN:Africa/Conakry
  GP:America/Guadeloupe GQ:Africa/Malabo GR:Europe/Athens GT:America/Guatemala GW:Africa/Bissau
  GY:America/Guyana HK:Asia/Hong_Kong HN:America/Tegucigalpa HR:Europe/Zagreb HT:America/Port-au-Prince
  HU:Europe/Budapest IE:Europe/Dublin IL:Asia/Jerusalem IM:Europe/Isle_of_Man IN:Asia/Kolkata
  IO:Indian/Chagos IQ:Asia/Baghdad IR:Asia/Tehran IS:Atlantic/Reykjavik IT:Europe/Rome JE:Europe/Jersey
  JO:Asia/Amman JP:Asia/Tokyo KE:Africa/Nairobi KG:Asia/Bishkek KH:Asia/Phnom_Penh KM:Indian/Comoro
  KP:Asia/Pyongyang KR:Asia/Seoul KW:Asia/Kuwait KZ:Asia/Almaty LA:Asia/Vientiane LB:Asia/Beirut
  LI:Europe/Vaduz LK:Asia/Colombo LR:Africa/Monrovia LS:Africa/Maseru LT:Europe/Vilnius
  LU:Europe/Luxembourg LV:Europe/Riga LY:Africa/Tripoli MA:Africa/Casablanca MC:Europe/Monaco
  MD:Europe/Chisinau ME:Europe/Podgorica MF:America/Marigot MG:Indian/Antananarivo MH:Pacific/Majuro
  MK:Europe/Skopje ML:Africa/Bamako MM:Asia/Yangon MO:Asia/Macau MQ:America/Martinique
  MR:Africa/Nouakchott MT:Europe/Malta MU:Indian/Mauritius MV:Indian/Maldives MW:Africa/Blantyre
  MY:Asia/Kuala_Lumpur MZ:Africa/Maputo NA:Africa/Windhoek NC:Pacific/Noumea NE:Africa/Niamey
  NF:Pacific/Norfolk NG:Africa/Lagos NI:America/Managua NL:Europe/Amsterdam NO:Europe/Oslo
  NP:Asia/Kathmandu NR:Pacific/Nauru NU:Pacific/Niue OM:Asia/Muscat PA:America/Panama PE:America/Lima
  PH:Asia/Manila PK:Asia/Karachi PL:Europe/Warsaw PM:America/Miquelon PS:Asia/Gaza PW:Pacific/Palau
  PY:America/Asuncion QA:Asia/Qatar RE:Indian/Reunion RO:Europe/Bucharest RS:Europe/Belgrade
  RW:Africa/Kigali SA:Asia/Riyadh SB:Pacific/Guadalcanal SC:Indian/Mahe SD:Africa/Khartoum
  SE:Europe/Stockholm SG:Asia/Singapore SH:Atlantic/St_Helena SI:Europe/Ljubljana SJ:Arctic/Longyearbyen
  SK:Europe/Bratislava SL:Africa/Freetown SM:Europe/San_Marino SN:Africa/Dakar SO:Africa/Mogadishu
  SR:America/Paramaribo SS:Africa/Juba ST:Africa/Sao_Tome SV:America/El_Salvador SY:Asia/Damascus
  SZ:Africa/Mbabane TA:Atlantic/St_Helena TD:Africa/Ndjamena TG:Africa/Lome TH:Asia/Bangkok
  TJ:Asia/Dushanbe TK:Pacific/Fakaofo TL:Asia/Dili TM:Asia/Ashgabat TN:Africa/Tunis TO:Pacific/Tongatapu
  TR:Europe/Istanbul TV:Pacific/Funafuti TW:Asia/Taipei TZ:Africa/Dar_es_Salaam UA:Europe/Kyiv
  UG:Africa/Kampala UY:America/Montevideo UZ:Asia/Tashkent VA:Europe/Vatican VE:America/Caracas
  VN:Asia/Ho_Chi_Minh VU:Pacific/Efate WF:Pacific/Wallis WS:Pacific/Apia XK:Europe/Belgrade YE:Asia/Aden
  YT:Indian/Mayotte ZA:Africa/Johannesburg ZM:Africa/Lusaka ZW:Africa/Harare
`;

/** Every zone of a country by its ISO code, the main one first; none for an unknown country. */
export function zonesOfCountry(country: string): readonly string[] {
  return ZONES.get(country) ?? [];
}

/** The calling code that a number in E.164 begins with, or null when no country has it (satellites, global services). */
export function callingCodeOf(phoneNumber: string): string | null {
  const digits = phoneNumber.slice(1);
  return [3, 2, 1].map((length) => digits.slice(0, length)).find((code) => COUNTRIES.has(code)) ?? null;
}

/** The countries that share a calling code. */
export function countriesBehind(callingCode: string): readonly string[] {
  return COUNTRIES.get(callingCode) ?? [];
}

const ZONES = new Map<string, string[]>([
  ...Object.entries(SEVERAL_ZONES).map(([country, zones]): [string, string[]] => [country, zones.split(' ')]),
  ...ONE_ZONE.trim()
    .split(/\s+/)
    .map((entry): [string, string[]] => [entry.slice(0, 2), [entry.slice(3)]]),
]);

const COUNTRIES = new Map<string, string[]>();
for (const country of getCountries()) {
  const code = getCountryCallingCode(country);
  COUNTRIES.set(code, [...(COUNTRIES.get(code) ?? []), country]);
}

/** Calling codes that several countries share, outside the North American plan. */
export const SHARED_CALLING_CODES: readonly string[] = [...COUNTRIES].flatMap(([code, countries]) =>
  countries.length > 1 && code !== '1' ? [code] : [],
);
