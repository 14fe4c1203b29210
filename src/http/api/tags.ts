/** The parts of the API in the order in which a reader needs them, with what each is for. */
export const TAGS = [
  {
    name: 'Campaigns',
    description:
      'What is said, how and within which limits. One begins as a draft, takes contacts, is checked, and starts.',
  },
  {
    name: 'Imports',
    description: 'How contacts get into a campaign: a file is taken at once and loaded after the answer.',
  },
  {
    name: 'Contacts',
    description: 'Whom a campaign reaches, what became of each, and what they texted back.',
  },
  { name: 'Templates', description: 'How a message reads for somebody, before anybody gets it.' },
  {
    name: 'Checks',
    description: 'What would happen if a campaign began now, what it waits for, and who has to agree.',
  },
  {
    name: 'Moves',
    description:
      'Start, pause, stop, run again. A move that a status does not allow is answered 400 and changes nothing.',
  },
  { name: 'Schedule', description: 'When a campaign starts by itself: once, or again and again.' },
  {
    name: 'Progress',
    description:
      'How far a campaign is. To follow one as it moves, open a socket instead of asking again and again: “Count the sockets” below says how.',
  },
  { name: 'Executions', description: 'The ledger: one entry for each call and each text.' },
  {
    name: 'Decisions',
    description: 'What only a person can decide, such as whether a text meant “leave me alone”.',
  },
  { name: 'Assistants', description: 'Who speaks on calls: its words, its voice, what it may do.' },
  {
    name: 'Calls',
    description: 'Calls with what was said on them, their recordings, and notes of your own.',
  },
  {
    name: 'Phone numbers',
    description: 'The numbers that calls and texts come from, and which campaigns and assistants use them.',
  },
  { name: 'Do not call', description: 'Whom nobody calls or texts any more, whatever a campaign says.' },
  { name: 'Consents', description: 'Who agreed to be contacted, when, how, and who withdrew that.' },
  {
    name: 'Webhooks',
    description: 'Addresses of yours that are told what happens: signed, repeated until taken, with a log.',
  },
  { name: 'Tokens', description: 'The token that asks, and those that it made.' },
  { name: 'Audit', description: 'Who did what, in Slack and over this API.' },
];
