import { test } from 'vitest';
import { setStage } from './stage.ts';
import { tellStory } from './story.ts';

const stage = await setStage();

test('a dropped file becomes a campaign that is checked, started, paused, resumed and finished', () =>
  tellStory(stage, { name: 'Spring reminder', firstNumber: 700 }));
