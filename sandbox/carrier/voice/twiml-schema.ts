import type { Element } from '#sandbox/carrier/xml.ts';

type Rule = { attributes: string; children: string };

/** What each element may have and hold, as far as the bot has a use for it. */
const ELEMENTS: Record<string, Rule> = {
  Response: { attributes: '', children: 'Say Play Pause Start Connect Dial Hangup Redirect Reject' },
  Say: { attributes: 'voice language loop', children: '' },
  Play: { attributes: 'loop digits', children: '' },
  Pause: { attributes: 'length', children: '' },
  Hangup: { attributes: '', children: '' },
  Reject: { attributes: 'reason', children: '' },
  Redirect: { attributes: 'method', children: '' },
  Start: { attributes: 'action method', children: 'Recording' },
  Recording: {
    attributes:
      'name channels track trim recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent',
    children: '',
  },
  Dial: {
    attributes:
      'action method timeout callerId timeLimit hangupOnStar answerOnBridge ringTone record trim sequential recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent',
    children: 'Number',
  },
  Number: {
    attributes:
      'sendDigits url method statusCallback statusCallbackMethod statusCallbackEvent machineDetection',
    children: '',
  },
  Connect: { attributes: 'action method', children: 'ConversationRelay' },
  ConversationRelay: {
    attributes:
      'url welcomeGreeting welcomeGreetingInterruptible language ttsLanguage transcriptionLanguage ttsProvider voice transcriptionProvider speechModel interruptible interruptSensitivity reportInputDuringAgentSpeech ignoreBackchannel speechTimeout eotThreshold partialPrompts preemptible dtmfDetection hints profanityFilter deepgramSmartFormat elevenlabsTextNormalization backgroundNoiseReduction events debug intelligenceService conversationConfiguration',
    children: 'Language Parameter',
  },
  Language: {
    attributes: 'code ttsProvider voice transcriptionProvider speechModel',
    children: '',
  },
  Parameter: { attributes: 'name value', children: '' },
};

const RULES = new Map(
  Object.entries(ELEMENTS).map(([name, { attributes, children }]) => [
    name,
    { attributes: new Set(attributes.split(' ')), children: new Set(children.split(' ')) },
  ]),
);

/**
 * Removes the attributes that the carrier does not know, a wrong capital being enough, and says which: it ignores them
 * and warns (12200). Throws at an element that may not stand where it does.
 */
export function checkTwiml(element: Element): string[] {
  const rule = RULES.get(element.name);
  const warnings: string[] = [];
  for (const name of Object.keys(element.attributes)) {
    if (rule?.attributes.has(name)) continue;
    warnings.push(`the attribute ${name} of <${element.name}> is unknown and ignored`);
    delete element.attributes[name];
  }
  for (const child of element.children) {
    if (!rule?.children.has(child.name))
      throw new Error(`12200: <${child.name}> may not stand in <${element.name}>`);
    warnings.push(...checkTwiml(child));
  }
  return warnings;
}
