import type { PersonaRule } from './persona-rule.ts';

/** Who differs only on the phone: they take texts and never answer them. What they do is in voice/voice-rules.ts. */
export const CALL_PERSONAS: PersonaRule[] = [
  onCalls('busy', '70', 'Busy', 'Every call meets a busy line.'),
  onCalls('no_answer', '71', 'Never answers', 'Every call rings until it is given up.'),
  onCalls('call_fails', '72', 'Call fails', 'The network cannot put calls through (503).'),
  onCalls('voicemail', '73', 'Voicemail', 'A machine greets at length, beeps, and records.'),
  onCalls('fax', '74', 'Fax', 'A fax answers and whistles.'),
  onCalls('hangs_up', '75', 'Hangs up', 'Answers and hangs up at once.'),
  onCalls('presses_9', '76', 'Presses 9', 'Presses 9 when the first words have been said.'),
  onCalls('wants_human', '77', 'Wants a human', 'Asks to speak to a real person.'),
  onCalls('tomorrow_at_three', '78', 'Tomorrow at three', 'Asks to be called back tomorrow at three.'),
  onCalls('declines', '79', 'Declines', 'Turns every call away while it rings.'),
  onCalls('interrupts', '95', 'Interrupts', 'Starts to talk while the other side still does.'),
  onCalls('late_and_slow', '96', 'Late and slow', 'Lets it ring for long and thinks before every word.'),
  onCalls('wrong_number', '97', 'Wrong number', 'Says that this is the wrong number.'),
  onCalls('are_you_a_robot', '98', 'Suspicious', 'Asks whether this is a robot.'),
  onCalls('short_voicemail', '99', 'Short voicemail', 'A machine whose greeting is as short as a person’s.'),
];

function onCalls(id: string, ending: string, label: string, onThePhone: string): PersonaRule {
  return { id, ending, label, description: 'Takes texts and never answers them.', onThePhone };
}
