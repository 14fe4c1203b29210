/**
 * Time as an argument. `now` is the product's time, which a sandbox may run faster than the wall clock; everything
 * people see and every rule about hours is in it. Waiting for machines (leases, request deadlines, Slack's own limits)
 * happens in real time: `realDelay` gives the product instant that lies `ms` real milliseconds ahead, `toReal` the wall
 * instant at which a product instant arrives (job queues run on the wall clock).
 */
export type Clock = {
  now(): Date;
  realDelay(ms: number): Date;
  toReal(at: Date): Date;
};
