/**
 * Public holidays, as a calendar library knows them. `place` is a country, or a country and a state: `US`, `US-FL`,
 * `GB-SCT`. Answers local dates (`YYYY-MM-DD`) of the years asked for, in order; a place that is not known has none.
 */
export type Holidays = {
  datesOf(place: string, years: readonly number[]): Promise<{ date: string; name: string }[]>;
  /** Whether the calendar knows the place at all. */
  knows(place: string): Promise<boolean>;
  /** Every place with a calendar of its own, by name: “United States”, “Florida, United States”. */
  places(): Promise<{ place: string; name: string }[]>;
};
