import type { Lines } from './lines.ts';

export const LINES_FR: Lines = {
  question:
    'Cela vous convient-il ? Vous pouvez dire oui ou non, demander un rappel plus tard ou demander à parler à une personne.',
  optedOut: 'C’est compris. Nous ne vous contacterons plus à ce numéro. Au revoir.',
  notNoted: 'Je suis désolé, je n’ai pas pu le noter. Merci de nous le redire une autre fois. Au revoir.',
  askOptOut: 'Voulez-vous que je retire ce numéro de notre liste, pour ne plus être contacté ?',
  quiet:
    'D’accord, je vous écoute. Si vous ne voulez plus d’appels, dites encore stop ou appuyez sur le neuf.',
  staysListed: 'D’accord, rien ne change.',
  wrongNumber: 'Veuillez excuser cette erreur. Nous ne contacterons plus ce numéro. Au revoir.',
  robot: ({ companyName }) => `Oui, je suis un assistant automatique et j’appelle pour ${companyName}.`,
  who: ({ assistantName, companyName }) =>
    `Ici ${assistantName}, un assistant automatique, de la part de ${companyName}.`,
  isRecorded: 'Oui, cet appel est enregistré. Si vous ne le voulez pas, dites-le et j’arrête.',
  isNotRecorded: 'Cet appel n’est pas enregistré, mais ce que nous disons est noté par écrit.',
  recordingStopped: 'D’accord, plus rien n’est enregistré et l’enregistrement sera supprimé.',
  transferring: 'Un instant s’il vous plaît, je vous mets en relation.',
  noTransfer:
    'Je ne peux pas vous passer quelqu’un d’ici, mais on peut vous rappeler. Quand cela vous convient-il ?',
  noCallback: 'Je suis désolé, je ne peux d’ici ni vous passer quelqu’un ni noter un rappel.',
  when: 'Bien sûr. Quand devons-nous vous rappeler ?',
  whenAgain: 'Je n’ai pas compris l’heure. Vous pouvez dire, par exemple, demain à trois heures.',
  noTime: 'Je suis désolé, je n’ai toujours pas compris l’heure et n’en ai noté aucune. Au revoir.',
  tooFar: 'Je ne peux noter qu’une heure dans les deux prochaines semaines. Quand cela vous convient-il ?',
  check: (time) => `Vous souhaitez donc être rappelé ${time}. Est-ce exact ?`,
  checkMoved: (time) =>
    `Nous ne pouvons pas appeler à cette heure. Je pourrais noter un appel ${time}. Cela vous convient-il ?`,
  calledBack: (time) => `Merci. C’est noté, vous serez rappelé ${time}. Au revoir.`,
  noted: 'Merci, c’est noté.',
  notUnderstood: 'Je suis désolé, je n’ai pas compris.',
  stillThere: 'Êtes-vous toujours là ?',
  nobodyThere: 'Je n’entends personne, je mets donc fin à l’appel. Au revoir.',
  filler: 'Un instant, s’il vous plaît. ',
  slow: 'Je suis désolé, cela a pris trop de temps. Pouvez-vous répéter ?',
  trouble: 'Je suis désolé, j’ai un problème technique et je dois mettre fin à l’appel.',
  brokeOff: 'Je suis désolé, la ligne a été coupée un instant.',
  timeUp: 'Je suis désolé, notre temps est écoulé.',
  goodbye: 'Merci de votre temps. Au revoir.',
};
