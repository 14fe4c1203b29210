import fc from 'fast-check';

/**
 * Property tests draw the same examples in every run, so that a run fails for what was changed and not by chance.
 * `PROPERTY_SEED=2 npm test` draws others.
 */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });
