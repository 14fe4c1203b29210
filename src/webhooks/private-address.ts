/** What is said, in the log of deliveries too, where an address is not public. */
export const PRIVATE = 'Its address lies in a private or reserved network, where nothing is sent.';

/** By this code the refusal is told from errors of the network. */
export const PRIVATE_CODE = 'ERINGMASTERPRIVATE';
