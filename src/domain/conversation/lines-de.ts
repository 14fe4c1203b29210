import type { Lines } from './lines.ts';

export const LINES_DE: Lines = {
  question:
    'Ist das in Ordnung für Sie? Sie können ja oder nein sagen, um einen späteren Anruf bitten oder eine Person verlangen.',
  optedOut: 'Verstanden. Wir werden Sie unter dieser Nummer nicht mehr kontaktieren. Auf Wiederhören.',
  notNoted:
    'Es tut mir leid, ich konnte das gerade nicht vermerken. Bitte sagen Sie es uns noch einmal. Auf Wiederhören.',
  askOptOut: 'Soll ich diese Nummer von unserer Liste nehmen, damit wir Sie nicht mehr kontaktieren?',
  quiet:
    'Gut, ich höre. Wenn Sie keine Anrufe mehr möchten, sagen Sie noch einmal Stopp oder drücken Sie die Neun.',
  staysListed: 'Gut, es bleibt alles, wie es ist.',
  wrongNumber:
    'Bitte entschuldigen Sie den Irrtum. Wir werden diese Nummer nicht mehr kontaktieren. Auf Wiederhören.',
  robot: ({ companyName }) => `Ja, ich bin ein automatischer Assistent und rufe für ${companyName} an.`,
  who: ({ assistantName, companyName }) =>
    `Hier spricht ${assistantName}, ein automatischer Assistent, im Auftrag von ${companyName}.`,
  isRecorded:
    'Ja, dieser Anruf wird aufgezeichnet. Wenn Sie das nicht möchten, sagen Sie es, und ich beende die Aufzeichnung.',
  isNotRecorded: 'Dieser Anruf wird nicht aufgezeichnet, aber das Gesagte wird mitgeschrieben.',
  recordingStopped: 'Gut, es wird nichts mehr aufgezeichnet, und die Aufzeichnung wird gelöscht.',
  transferring: 'Einen Moment bitte, ich verbinde Sie.',
  noTransfer: 'Ich kann Sie von hier nicht verbinden, aber man kann Sie zurückrufen. Wann passt es Ihnen?',
  noCallback: 'Von hier kann ich Sie leider weder verbinden noch einen Rückruf vermerken.',
  when: 'Gerne. Wann sollen wir Sie zurückrufen?',
  whenAgain: 'Ich habe die Zeit nicht verstanden. Sagen Sie zum Beispiel: morgen um drei.',
  noTime: 'Es tut mir leid, ich habe die Zeit wieder nicht verstanden und nichts vermerkt. Auf Wiederhören.',
  tooFar: 'Ich kann nur eine Zeit in den nächsten zwei Wochen vermerken. Wann passt es Ihnen?',
  check: (time) => `Sie möchten also ${time} zurückgerufen werden. Ist das richtig?`,
  checkMoved: (time) =>
    `Zu dieser Zeit dürfen wir nicht anrufen. Ich könnte einen Anruf ${time} vermerken. Ist das in Ordnung?`,
  calledBack: (time) => `Danke. Es ist vermerkt, dass Sie ${time} angerufen werden. Auf Wiederhören.`,
  noted: 'Danke, das habe ich vermerkt.',
  notUnderstood: 'Es tut mir leid, das habe ich nicht verstanden.',
  stillThere: 'Sind Sie noch da?',
  nobodyThere: 'Ich höre niemanden und beende deshalb den Anruf. Auf Wiederhören.',
  filler: 'Einen Moment bitte. ',
  slow: 'Es tut mir leid, das hat zu lange gedauert. Können Sie das bitte wiederholen?',
  trouble: 'Es tut mir leid, ich habe ein technisches Problem und muss den Anruf beenden.',
  brokeOff: 'Es tut mir leid, die Verbindung war kurz unterbrochen.',
  timeUp: 'Es tut mir leid, unsere Zeit ist um.',
  goodbye: 'Vielen Dank für Ihre Zeit. Auf Wiederhören.',
};
