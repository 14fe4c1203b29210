/** What the page tells a person who tries what Slack would not let them do; the message is the sentence. */
export class PersonRefusal extends Error {
  override name = 'PersonRefusal';
}
