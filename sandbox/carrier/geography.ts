type Place = { city: string; state: string; zip: string; country: string };

const AREA_CODES: Record<string, [city: string, state: string, zip: string]> = {
  '202': ['WASHINGTON', 'DC', '20001'],
  '206': ['SEATTLE', 'WA', '98101'],
  '212': ['NEW YORK', 'NY', '10001'],
  '213': ['LOS ANGELES', 'CA', '90012'],
  '303': ['DENVER', 'CO', '80202'],
  '305': ['MIAMI', 'FL', '33101'],
  '312': ['CHICAGO', 'IL', '60601'],
  '415': ['SAN FRANCISCO', 'CA', '94102'],
  '512': ['AUSTIN', 'TX', '78701'],
  '602': ['PHOENIX', 'AZ', '85003'],
  '617': ['BOSTON', 'MA', '02108'],
  '808': ['HONOLULU', 'HI', '96813'],
};

const COUNTRIES: [prefix: string, country: string][] = [
  ['+1', 'US'],
  ['+33', 'FR'],
  ['+34', 'ES'],
  ['+39', 'IT'],
  ['+41', 'CH'],
  ['+43', 'AT'],
  ['+44', 'GB'],
  ['+49', 'DE'],
  ['+61', 'AU'],
];

/** Where the carrier believes a number to be: often only the country, as in the real thing. */
export function placeOf(phoneNumber: string): Place {
  const country = COUNTRIES.find(([prefix]) => phoneNumber.startsWith(prefix))?.[1] ?? '';
  const area = country === 'US' ? AREA_CODES[phoneNumber.slice(2, 5)] : undefined;
  const [city = '', state = '', zip = ''] = area ?? [];
  return { city, state, zip, country };
}
