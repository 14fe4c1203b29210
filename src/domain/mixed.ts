/**
 * How a mixed campaign uses its two channels (campaign-api §7.17): with which it begins, for whom the other one follows,
 * and how many minutes after the first one ended.
 */
export type MixedSettings = {
  first: 'call' | 'sms';
  followUp: 'always' | 'if_reached' | 'if_not_reached';
  delayMinutes: number;
};
