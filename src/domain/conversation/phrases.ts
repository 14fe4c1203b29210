/**
 * What people say on the phone, as patterns over plain words with a space at both ends (`sayingOf`): accents folded,
 * “don’t” as `dont`, “do not” too, “I don’t” as `i idont`. One line per language and way of saying it: English, German,
 * Spanish, French.
 */
export type Said =
  | 'machine'
  | 'no_recording'
  | 'recording_question'
  | 'wrong_number'
  | 'robot_question'
  | 'human'
  | 'complaint'
  | 'stop_talking';

const ROBOT =
  'robot|bot|machine|computer|ai|a i|recording|robocall|chatbot|program|human|human being|artificial intelligence|automated|pre ?recorded|robotic|real|real person|live person|actual person|virtual assistant|alexa|siri|chatgpt';
const FILLING =
  '(?:a|an|some|kind|sort|of|really|even|actually|just|like|or|not|one|those|talking|speaking|to|with)';
const PERSON =
  'human|human being|real person|live person|actual person|representative|rep|agent|operator|manager|supervisor|customer service|salesperson|advisor|live agent';

export const PHRASES: Record<Said, readonly RegExp[]> = {
  machine: [
    /^ (?:beep|piep|bip|pip) $/,
    / (?:after|at|following) the (?:tone|beep|signal) /,
    / (?:reached|forwarded to|transferred to) .{0,60}(?:voicemail|voice mail|mailbox|answering (?:machine|service)|messaging system) /,
    / mailbox (?:is full|of|belonging|has not been) /,
    / (?:not|cant|unable|isnt|arent) .{0,25}(?:available|come to the phone|take your call|answer (?:the phone|your call)|get to (?:the|my) phone) .{0,60}(?:leave|message|name|number|call you back|get back|return your call) /,
    / leave (?:me |us )?(?:your |a |an )?(?:detailed |short |brief )?(?:name|message|number) .{0,60}(?:get back|call you back|return your call|soon as|beep|tone) /,
    / record your (?:message|name) /,
    / (?:person|number|subscriber|customer|party) (?:you are|youre|you have|youve|that you have) (?:calling|dialed|called|trying to reach|reached) /,
    / (?:no one|nobody) is available to take your call /,
    / press (?:pound|hash|the pound key|the hash key|1|one) (?:for more options|when (?:you are|youre) (?:finished|done)) /,
    / nach dem (?:signal|signalton|piep|piepton|ton) /,
    / (?:mailbox|anrufbeantworter) (?:von|des|der) /,
    / hinterlass(?:en|t) (?:sie|ihr) .{0,30}(?:nachricht|namen) /,
    / teilnehmer ist .{0,30}nicht (?:erreichbar|zu erreichen) /,
    / despues (?:del|de la|de oir el) (?:tono|senal|pitido|bip) /,
    / (?:buzon de voz|contestador) /,
    / deje (?:su|un|tu) mensaje /,
    / apres le (?:bip|signal|son|top) /,
    / (?:laissez|laisser) (?:un|moi un|nous un|votre) message /,
    / (?:messagerie|repondeur) (?:de|vocale|du) /,
  ],
  no_recording: [
    / (?:dont|not|stop|no|turn off|switch off|without|idont|wont|refuse|object|end|pause) (?!mind )(?:\w+ ){0,5}record(?:ed|ing|s)? /,
    / record(?:ing|ed)? (?:\w+ ){0,3}off /,
    / (?:nicht|keine|ohne|stopp\w*|beenden) (?:\w+ ){0,4}(?:aufnahme|aufzeichn\w*|aufgezeichnet|aufgenommen|aufnehmen|mitschn\w*) /,
    / (?:aufnahme|aufzeichnung) (?:\w+ ){0,2}(?:stopp\w*|beenden|aus|abschalten) /,
    / (?:no|pare|deje|sin|apague) (?:\w+ ){0,4}grab\w* /,
    / (?:pas|arret\w*|sans|coupez) (?:\w+ ){0,4}enregistr\w* /,
  ],
  recording_question: [
    / (?:are|is|am) (?:you|this|the|it|i|we) (?:\w+ ){0,3}(?:recording (?:this|me|the|us|it)|(?:being )?recorded) /,
    / (?:wird|nehmen sie) .{0,25}(?:aufgezeichnet|aufgenommen|auf) /,
    / (?:se esta|esta|estan) grabando /,
    / (?:enregistrez vous|est ce enregistre|suis je enregistre) /,
  ],
  wrong_number: [
    /(?<! not(?: a| the)?)(?<!nt(?: a| the)?) wrong (?:number|person|guy|man|woman|lady|house) /,
    / (?:no one|nobody|noone|no) (?:\w+ ){0,3}(?:by|of|with|called|named) (?:that|this) name /,
    / there(?:s| is| isnt) (?:nobody|no one|anyone|anybody) (?:\w+ ){0,4}(?:here|at this number) /,
    / there(?:s| is) no (?!problem|need|way|time|question|doubt|issue|point|reason|signal|reception|room|more)\w+ (?:\w+ )?(?:here|at this number) /,
    / (?:doesnt|does not|no longer|dont|not) (?:live|lives|work|works|living) here /,
    / (?:idont|dont) know (?:anyone|anybody|any|who) (?:\w+ ){0,3}(?:called|named|by that name|that is) /,
    / (?:isnt|not) (?:his|her|their) (?:number|phone) /,
    / (?:not|isnt) who you(?:re| are) (?:looking for|trying to reach) /,
    / (?:falsch verbunden|falsche nummer|falsche person|verwahlt|wohnt hier nicht|kenne ich nicht) /,
    / (?:numero equivocado|persona equivocada|se equivoca de|esta equivocado|se ha equivocado|no vive aqui|aqui no vive) /,
    / (?:mauvais numero|faux numero|erreur de numero|etes trompe\w*|mauvaise personne|habite (?:pas|plus) ici) /,
  ],
  robot_question: [
    new RegExp(` (?:are|r|is|am) (?:you|u|this|it|that|i) (?:${FILLING} ){0,6}(?:${ROBOT}) `),
    / (?:are you|is this) a person /,
    / (?:am i )?(?:talking|speaking) (?:to|with) a (?:person|human|robot|bot|machine|computer|recording) $/,
    / (?:youre|you are|you sound like|you must be|this is) (?:a|an|just a) (?:robot|bot|machine|computer|ai|robocall) /,
    / (?:sind sie|bist du|ist das|spreche ich|rede ich) .{0,20}(?:roboter|computer|maschine|mensch\w*|ki|automat|bandansage|bot) /,
    / (?:eres|es usted|es esto|es un|es una|hablo con|estoy hablando con) .{0,20}(?:robot|maquina|grabacion|persona real|humano|inteligencia artificial|bot|computadora|ordenador) /,
    / (?:etes vous|es tu|c est|est ce|vous etes|je parle a) .{0,25}(?:robot|machine|humain|ordinateur|ia|enregistrement|vraie personne|intelligence artificielle) /,
  ],
  human: [
    new RegExp(
      ` (?:speak|talk|chat|connect|transfer|put|pass|switch|give|get|want|need|prefer|like) (?:(?!my |not )\\w+ ){0,5}(?:${PERSON}) `,
    ),
    / (?:speak|talk) (?:to|with) (?:a person|someone|somebody|anyone)(?! (?:\w+ )*(?:first|home|before)) /,
    / (?:transfer|connect) me (?!.*\b(?:money|cash|funds)\b)/,
    / put me through /,
    new RegExp(`^ (?:(?:please|a|an|the|ok|yes|no|just) )*(?:${PERSON}|person)(?: (?:please|now))* $`),
    / (?:verbinden sie mich|stellen sie mich durch|durchstellen|mitarbeiter\w*) /,
    / mit (?:einem|einer|jemand\w*|nem) (?:\w+ )?(?:mensch\w*|person|kolleg\w*|berater\w*)? ?(?:\w+ )?(?:sprechen|reden) /,
    / (?:hablar|comunic\w*|pas\w*|transfier\w*|quiero) (?:\w+ ){0,3}(?:persona|humano|agente|operador\w*|representante|alguien|asesor) /,
    / (?:parler|passer|passez|veux) (?:\w+ ){0,3}(?:humain|vraie personne|quelqu un|conseill\w*|agent|responsable|etre humain) /,
  ],
  complaint: [
    / (?:fuck|screw|damn) (?:you|u|yourself) /,
    / (?:go to hell|kiss my ass|piece of shit|asshole|assholes|motherfucker\w*|bastards?|dickhead|scumbags?|bitch) /,
    / (?:sue you|suing you|lawsuit|my lawyer|my attorney|report (?:you|this|your)|call the police|against the law) /,
    / (?:file|make|lodge|filing|making) a complaint /,
    / (?:this|that|it)(?:s| is) (?:illegal|harassment) /,
    / (?:arschloch|verpiss\w*|fick dich|anwalt|beschwer\w*|anzeige erstatten) /,
    / (?:hijo de puta|vete a la mierda|pendejo|cabron|abogado|denunciar\w*|una queja) /,
    / (?:connard|salope|va te faire|avocat|porter plainte|une plainte) /,
  ],
  stop_talking: [
    / (?:shut up|be quiet|shush|quiet please|stop talking|halt (?:die klappe|den mund)|callate|tais toi|taisez vous) /,
  ],
};
