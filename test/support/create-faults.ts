/**
 * The faults of a create that texts and calls have in common: the fault, the status and the code of its answer, and how
 * many the carrier has accepted all the same.
 */
export const CREATE_FAULTS = [
  ['auth_refused', 401, 20003, 0],
  ['drop_request', 'broken', undefined, 0],
  ['error_before_accepting', 500, 20500, 0],
  ['unavailable', 503, undefined, 0],
  ['too_many_requests', 429, 20429, 0],
  ['lose_answer', 'broken', undefined, 1],
  ['error_after_accepting', 500, 20500, 1],
  ['slow_answer', 201, undefined, 1],
] as const;
