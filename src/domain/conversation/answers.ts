import { sayingOf, spokenClauses } from './hear.ts';
import { spokenNumber } from './spoken-number.ts';

/** What somebody answered to the one question of the script. */
export type Answer =
  | { kind: 'yes' | 'no' | 'later' | 'repeat' | 'who' }
  | { kind: 'number'; value: string }
  | { kind: 'other' };

/**
 * Reads an answer without a model, in English, German, Spanish or French. Another hour comes before a no (“no, not now,
 * call me tomorrow”), a no before a yes (“of course not”), and of a mere “yeah, no” the last word counts.
 */
export function readAnswer(text: string): Answer {
  const saying = sayingOf(text);
  for (const kind of ['repeat', 'who', 'later'] as const) {
    if (ANSWERS[kind].some((pattern) => pattern.test(saying))) return { kind };
  }
  const decision = readDecision(text);
  if (decision) return { kind: decision };
  const value = spokenNumber(text);
  return value === null ? { kind: 'other' } : { kind: 'number', value };
}

/** Whether somebody said yes or no; null when neither, or nothing but a question. */
export function readDecision(text: string): 'yes' | 'no' | null {
  const decisions = spokenClauses(text).map(decisionOf);
  const made = decisions.filter((decision) => decision !== null);
  const isOnlyDecisions =
    made.length === decisions.length && spokenClauses(text).join('').length <= MERE_WORDS;
  return (isOnlyDecisions ? made.at(-1) : made[0]) ?? null;
}

/** Whether somebody takes their leave, in English, German, Spanish or French. */
export function saysGoodbye(text: string): boolean {
  return GOODBYE.test(sayingOf(text));
}

const GOODBYE =
  / (?:bye|goodbye|good bye|bye bye|see you|have a (?:good|nice|great) (?:day|one|evening)|tschu(?:ss|s)|wiederhoren|auf wiedersehen|ciao|adios|hasta luego|au revoir|bonne journee) /;

/** “Yeah, no.” and the like. */
const MERE_WORDS = 14;

function decisionOf(clause: string): 'yes' | 'no' | null {
  if (NO.some((pattern) => pattern.test(clause))) return 'no';
  return YES.some((pattern) => pattern.test(clause)) ? 'yes' : null;
}

const NO: readonly RegExp[] = [
  /^ (?:no|nope|nah|nay|negative|nein|nee|non|never) /,
  / (?:not (?:interested|really|at all|ok|okay|fine|right)|no (?:thanks|way|interest)|idont (?:want|think so|need|care|agree)|(?:absolutely|definitely|certainly|of course|probably|rather|id rather) not|i (?:cant|wont)|cant make it) /,
  / (?:kein interesse|nicht interessiert|auf keinen fall|lieber nicht|passt (?:mir )?nicht|stimmt nicht) /,
  / (?:no me interesa|no quiero|no puedo|no gracias|para nada|claro que no|tampoco) /,
  / (?:pas interesse\w*|pas du tout|certainement pas|bien sur que non|ca ne m interesse|je ne (?:veux|peux) pas) /,
];

const YES: readonly RegExp[] = [
  /^ i (?:do|will|am|can|would|agree|accept) $/,
  /^ (?:yes|yeah|yep|yup|yea|ya|sure|ok|okay|okey|absolutely|definitely|certainly|correct|right|exactly|fine|great|perfect|alright|indeed|mhm|uhhuh|ja|jawohl|klar|gerne?|genau|sicher|si|claro|vale|correcto|exacto|oui|ouais|volontiers|parfait|exactement) /,
  / (?:of course|sounds good|sounds great|that(?:s| is)? (?:works|fine|good|ok|okay|right|correct|great|perfect)|works for me|im (?:in|interested)|go ahead|please do|all right|id (?:love|like) (?:to|that)|why not|uh huh) /,
  / (?:auf jeden fall|passt (?:mir|gut)|einverstanden|in ordnung|stimmt|das geht|naturlich|sehr gerne?) /,
  / (?:por supuesto|de acuerdo|esta bien|me interesa|desde luego|como no) /,
  / (?:bien sur|d accord|pas de probleme|ca marche|ca me va|tout a fait|c est bon) /,
];

const ANSWERS: Record<'repeat' | 'who' | 'later', readonly RegExp[]> = {
  repeat: [
    / (?:repeat|say (?:that|it) again|say again|come again|what did you say|what was that|one more time|didnt (?:hear|catch|get|understand)|cant (?:hear|understand) you|idont understand|speak (?:up|slower|louder)|slower) /,
    /^ (?:pardon|pardon me|excuse me|sorry|what|huh|what sorry|sorry what) $/,
    / (?:wie bitte|noch ?mal|wiederhol\w*|nicht verstanden) /,
    / (?:repit\w*|repet\w*|como dice|como dijo|otra vez|no (?:le )?entend\w*|mas despacio) |^ (?:perdon|como) $/,
    / (?:repetez|repeter|redire|pas (?:compris|entendu)|plus lentement) |^ (?:quoi|comment) $/,
  ],
  who: [
    / (?:who(?:s| is| are| am) (?:this|you|calling|it|there|i)|whos calling|where are you calling from|what company|which company|what(?:s| is) (?:this|it) (?:about|regarding|for|call)|why are you calling|(?:how|where) did you get (?:my|this)|is this a scam|what do you want|what is this) /,
    / (?:wer (?:sind|ist|spricht|bist)|worum geht|woher haben sie|was wollen sie|welche firma) /,
    / (?:quien (?:es|habla|llama|eres)|de donde (?:llama|me)|de parte de|que quiere|de que se trata|de que empresa) /,
    / (?:qui (?:est|etes|appelle|c est|parle)|c est qui|de quoi s agit|de la part de|pourquoi (?:vous|m)|quelle (?:societe|entreprise)) /,
  ],
  later: [
    / (?:call|phone|ring|try|contact) (?:me |us |again |back )*(?:later|back|another|tomorrow|tonight|next|again|some other|on (?:mon|tue|wed|thu|fri|sat|sun)\w*|in (?:a|an|the|\w+ (?:minutes?|hours?|days?))|at (?:\w+))/,
    / (?:callback|call back|not (?:now|a good time|the right time|right now|today)|bad time|bad moment|another (?:time|day)|some other time|(?:im|i am) (?:busy|driving|working|in a meeting|at work|cooking|eating)|maybe later|later please|in a meeting|no time|idont have time|havent got time) |^ (?:later|busy) /,
    / (?:spater|zuruckrufen|ruckruf|keine zeit|gerade (?:nicht|schlecht)|ein ander\w* mal|rufen sie .{0,20}(?:morgen|wieder|um) ) /,
    / (?:mas tarde|luego|ahora no|otro (?:momento|dia)|estoy ocupad\w*|llam\w* (?:manana|despues|otra)|no tengo tiempo) /,
    / (?:plus tard|rappel\w*|pas maintenant|un autre (?:moment|jour)|suis occupe\w*|pas le temps) /,
  ],
};
