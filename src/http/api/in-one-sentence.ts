import { Refusal } from '#domain/refusal.ts';

/** A schedule that cannot be is refused with 400 and all its problems together, not field by field (campaign-api §1.1). */
export async function inOneSentence<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'settings_invalid') throw error;
    const { problems } = (error as Refusal<'settings_invalid'>).details;
    throw new Refusal('schedule_invalid', { problems });
  }
}
