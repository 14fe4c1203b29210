import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

const SHOWN_AT_END = 2;
const AREA_CODE_DIGITS = 3;
const HIDDEN = '•';

/**
 * A phone number as it may stand in a public message (design §5): the country code, for +1 the area code, and the last
 * two digits; every other digit is a dot. `+15551234567` → `+1 555 •••-••67`. Text that is no E.164 number keeps its
 * last two digits only when it has at least seven, otherwise nothing. Dots, not asterisks: Slack reads those as bold.
 */
export function maskPhone(phoneNumber: string): string {
  const callingCode = parsePhoneNumberFromString(phoneNumber)?.countryCallingCode;
  const digits = phoneNumber.replace(/\D/g, '');
  if (callingCode === undefined || !digits.startsWith(callingCode)) return hideAllButEnd(digits);
  const national = digits.slice(callingCode.length);
  if (callingCode === '1' && national.length === 10) {
    const hidden = HIDDEN.repeat(3);
    return `+1 ${national.slice(0, AREA_CODE_DIGITS)} ${hidden}-${HIDDEN.repeat(2)}${national.slice(-SHOWN_AT_END)}`;
  }
  return `+${callingCode} ${hideAllButEnd(national)}`;
}

function hideAllButEnd(digits: string): string {
  const shown = digits.length >= 7 ? SHOWN_AT_END : 0;
  const hidden = HIDDEN.repeat(digits.length - shown);
  return hidden + digits.slice(digits.length - shown);
}
