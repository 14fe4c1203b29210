/**
 * Why the database cannot be used, as one or two sentences for the person who starts Ringmaster: what happened and what
 * to do. Printed as it is, without a stack.
 */
export class StartupProblem extends Error {
  override name = 'StartupProblem';
}
