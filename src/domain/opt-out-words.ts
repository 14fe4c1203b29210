/** Languages whose opt-outs are understood. */
type ReplyLanguage = 'en' | 'es' | 'fr' | 'de' | 'pt' | 'it';

/**
 * Whole messages that are an opt-out, as plain words (see `plainWords`). English: the words that Twilio blocks on and
 * that the FCC names per se (telephony.md §3, §6); other languages: their usual equivalents. Words that mean something
 * harmless in another language (`fine`, `fin`, `alt`) are left out.
 */
export const STOP_MESSAGES: Readonly<Record<ReplyLanguage, readonly string[]>> = {
  en: ['stop', 'stopall', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit', 'optout', 'opt out', 'revoke'],
  es: ['alto', 'baja', 'parar', 'detener', 'cancelar', 'dar de baja', 'desuscribir'],
  fr: ['arret', 'arreter', 'stop sms', 'desabonner', 'desabonnement', 'desinscrire', 'desinscription'],
  de: ['stopp', 'abmelden', 'abbestellen'],
  pt: ['parar', 'pare', 'sair', 'cancelar', 'descadastrar'],
  it: ['ferma', 'fermare', 'disiscrivi', 'disiscriviti'],
};

/** Whole messages that take an opt-out back. YES is none of them: it answers many questions. */
export const START_MESSAGES: readonly string[] = ['start', 'unstop'];

/** Whole messages that ask who is writing. */
export const HELP_MESSAGES: readonly string[] = ['help', 'info', 'ayuda', 'aide', 'hilfe', 'ajuda', 'aiuto'];

/** Words that ask for an end also inside a sentence; those of appointments (cancel, end) only in the phrases below. */
export const STRONG_STOPS = new Set(['stop', 'stopp', 'cease', 'desist', 'stopall']);

/** Together with a strong stop these make a sentence a request to us: means of contact, and the person. */
export const CONTACT_WORDS = words(`
  text texts texting txt txts txting message messages messaging msg msgs sms call calls calling contact contacts
  contacting email emails emailing phone phoning ring ringing write writing send sending spam spamming bother bothering
  bugging harass harassing disturb disturbing notification notifications reminder reminders reminding subscription list
  number robocall robocalls marketing`);
export const PERSON_WORDS = words('me us');

/** Words that may stand beside a lone “stop” without changing it: courtesy, and what people repeat in anger. */
export const COURTESY_WORDS = words(`
  please pls plz thanks thx ty ok okay hi hello hey sorry sir madam kindly now immediately asap just
  por favor gracias merci svp bitte danke obrigado obrigada grazie per`);
export const INSISTENCE_WORDS = words(`
  it this that all everything already i said asked told want you to can could would yes no really fucking the hell but so`);

/** “never stop”, “can’t stop laughing”: these turn a stop round; the bridges may stand in between. */
export const NEGATIONS = words('dont never not cant couldnt wouldnt shouldnt didnt');
export const NEGATION_BRIDGES = words('ever just really please to want need even');

/** “bus stop”, “the next stop”, “stop by”, “stop sign”: no request at all. */
export const BEFORE_A_PLACE = words(
  'bus the a next last first pit full non truck rest train metro tram subway one every whistle',
);
export const AFTER_A_VISIT = words('by in over off at sign signs light lights watch loss');

/** “do not call before five” asks for another hour, not for an end. */
export const TIME_LIMITS = words(`
  before until till after between during while unless yet antes despues hasta entre avant apres jusqu jusque vor nach
  bis zwischen depois ate prima dopo fino`);
/** … unless it is meant for good. */
export const FOR_GOOD = words('again anymore ever never mas plus mehr mais piu');

/**
 * A phrase that asks for an end in so many words. Its words appear in this order within one clause, with at most
 * three others between two of them; `+` allows none, `|` separates alternatives, a final `*` any ending. `unlessTimed`:
 * does not count when the clause asks for another hour.
 */
type StopPhrase = { language: ReplyLanguage; phrase: string; unlessTimed?: true };

const CALL = 'call|text|txt|message|msg|contact|email|phone|ring|write|send|bother|harass|spam|bug';
const MEANS =
  'texts|texting|txts|messages|messaging|msgs|sms|calls|calling|contact|contacted|contacting|emails|spam|reminders|notifications|updates|offers|marketing';

export const STOP_PHRASES: readonly StopPhrase[] = [
  ...phrases('en', [
    'unsubscrib*|unsub|unsubcribe|unsuscribe|unsubscibe|unsubsribe',
    'opt|opting|opted +out',
    'opt +me|us +out',
    `quit +${CALL}|texting|calling|messaging|contacting|bothering|sending|harassing|me`,
    'end|cancel texts|messages|calls|sms|subscription|reminders|notifications|alerts',
    'remove|delete|erase +me|us',
    'remove|delete|erase|lose my|this|our +number|name|contact|info|details',
    'remove|delete|take from|off list|lists|database',
    'take me|us|number|name off',
    'get me|us|number|name off|out list|lists|texts|messages|thread|group',
    'off +your|this|the list|lists',
    `no +longer want|wish receive|${MEANS}`,
    'no +longer consent',
    `dont|idont|never want|wish|care|need any|more|anymore|these|your|further|this ${MEANS}`,
    `dont|idont|never want|wish receive|get|receiving|getting|be ${MEANS}|these|anything`,
    'dont|idont consent',
    `no +more|further text|call|message|${MEANS}`,
    'leave +me|us +alone',
    'revoke|withdraw|withdrawing|revoking consent|permission|authorization',
    'cease desist',
    'this +is +harassment',
    'fuck|piss|bugger|screw|sod +off',
    'make +it|this +stop',
    'this +needs|has +to +stop',
  ]),
  ...phrases(
    'en',
    [
      `dont|dnt|never +${CALL}`,
      'dont|dnt|never +ever|again|please|you|disturb me|us|call|text|contact|message',
    ],
    true,
  ),
  ...phrases('es', [
    'dej*|pare|paren|para +de envi*|mand*|escrib*|llam*|contact*|molest*',
    'no quiero|queremos|deseo mensaj*|llamad*|sms|recib*|mas',
    'no +mas mensaj*|llamad*|sms|textos',
    'quit*|borr*|sac*|elimin*|retir* mi +numero',
    'quiteme|quitame|quitenme|saqueme|sacame|saquenme|borreme|borrame|borrenme|elimineme|eliminame|eliminenme',
    'dame|deme|denme|darme +de +baja',
    'dejame|dejeme|dejenme +en|tranquil* paz|tranquil*',
    'basta +de mensaj*|llamad*|sms',
  ]),
  ...phrases('es', ['no +me|nos escriba*|llame*|envie*|mande*|contacte*|moleste*'], true),
  ...phrases('fr', [
    'arret*|cess* envoyer|ecrire|appeler|contacter|harceler|messages|sms|textos|appels',
    'ne +m|me|nous appel*|contact*|ecri*|envo*|derang* plus|jamais',
    'm|me|nous +appelez|contactez|ecrivez|envoyez plus',
    'ne +plus me|m|nous +contacter|appeler|ecrire|envoyer',
    'plus +de|d messages|sms|textos|appels',
    'veux|voulons|souhaite* plus|pas recevoir|messages|sms|textos|appels|contacte*|etre',
    'retir*|supprim*|enlev*|effac* moi|numero|coordonnees',
    'desabonn*|desinscri*',
    'laiss* +moi|nous +tranquille*',
  ]),
  ...phrases('fr', ['ne +m|me|nous appelez|contactez|ecrivez|envoyez|derangez pas'], true),
  ...phrases('de', [
    'hor|hort|horen|hoer|hoert|hoeren auf',
    'keine|keinen sms|nachricht*|anruf*|werbung|texte +mehr',
    'keine +weiteren|weitere sms|nachricht*|anruf*|werbung',
    'bitte +keine sms|nachricht*|anruf*|werbung',
    'ruf*|schreib*|kontaktier*|schick*|belastig* nicht|nie|keine|nichts +mehr|wieder',
    'nicht +mehr anruf*|schreib*|kontaktier*|melden',
    'losch*|loesch*|entfern*|streich* nummer|daten|mich',
    'nehm*|nimm* mich|nummer liste|verteiler|raus|heraus',
    'lass* mich|uns +in +ruhe',
    'mich abmelden|austragen',
    'melde* mich +ab',
  ]),
  ...phrases('de', ['nicht +anrufen|schreiben|kontaktieren', 'ruf*|schreib* mich|mir +nicht'], true),
  ...phrases('pt', [
    'pare|parem|para|deixe|deixem +de envi*|mand*|lig*|escrev*|contat*|contact*|incomod*',
    'nao quero|queremos|desejo mais|receber|mensag*|ligac*|sms',
    'nao ligue*|envie*|mande|mandem|escreva*|contate*|contacte*|incomode* mais',
    'remov*|tir*|exclu*|apag* meu +numero|contato|nome',
    'me +remov*|tire|tirem|exclua*',
    'remov*|tir*|exclu* lista',
    'me +deixe*|deixa +em +paz',
    'chega +de mensag*|ligac*|sms',
    'descadastr*|desinscrev*',
  ]),
  ...phrases('pt', ['nao +me|nos ligue*|envie*|mande|mandem|escreva*|contate*|contacte*|incomode*'], true),
  ...phrases('it', [
    'smett*|finit* +di scriver*|chiamar*|mandar*|inviar*|contattar*|disturbar*',
    'non scriv*|chiam*|contatt*|mand*|invi*|telefon*|disturb* piu',
    'non voglio|vogliamo|desidero piu|messagg*|sms|ricever*|essere',
    'basta messaggi|sms|chiamate|telefonate',
    'toglie*|rimuov*|cancell*|elimin* lista|numero',
    'toglietemi|rimuovetemi|cancellatemi|toglimi|cancellami|rimuovimi|disiscriv*',
    'lasciatemi|lasciami|lasciateci +in +pace',
  ]),
  ...phrases(
    'it',
    ['non +chiamarmi|chiamatemi|scrivermi|scrivetemi|contattarmi|contattatemi|disturbatemi'],
    true,
  ),
];

/** Whole messages that nearly are an opt-out: misspelt, or words that may also mean an appointment or a quarrel. */
export const NEAR_STOP_MESSAGES = new Set([
  ...[
    'stpo',
    'sotp',
    'stope',
    'stip',
    'stps',
    'remove',
    'removed',
    'delete',
    'unsub',
    'dnc',
    'enough',
    'no more',
  ],
  ...['go away', 'get lost', 'spam', 'do not call', 'dont call', 'no texts', 'no calls'],
  ...[
    'no text',
    'no sms',
    'no messages',
    'basta',
    'basta ya',
    'no mas',
    'borrar',
    'eliminar',
    'annuler',
    'annulla',
  ],
  ...[
    'cancella',
    'absagen',
    'ende',
    'raus',
    'remover',
    'chega',
    'plus rien',
    'ca suffit',
    'aufhoren',
    'smettila',
    'arretez',
    'arrete',
    'paren',
  ],
]);

function phrases(language: ReplyLanguage, list: readonly string[], unlessTimed?: true): StopPhrase[] {
  return list.map((phrase) => ({ language, phrase, ...(unlessTimed && { unlessTimed }) }));
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/).filter((word) => word !== ''));
}
