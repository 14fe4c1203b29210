import { expect, test } from 'vitest';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const { slack, people, channels, carrier, log } = await setStage();
const CSV = 'Phone,Name,Company\n+12125550101,Ann,Acme\n+12125550102,Bob,Acme\n+12125550103,Cy,\n';

test('a dropped file becomes a campaign that is checked, started and finished', async () => {
  const file = await slack.dropFile(people.admin, channels.campaigns, 'clients.csv', CSV);
  const offer = await slack.waitFor(() => slack.thread(file)[0], 'the offer under the file');
  expect(textOf(offer)).toContain('Use clients.csv as a list of contacts?');

  await slack.click(offer, 'New campaign from this file', people.admin);
  const columns = await slack.waitFor(
    () => [slack.openView(people.admin)].find((view) => view && textOf(view).includes('Columns of the file')),
    'the columns',
  );
  console.log(textOf(columns));
  await slack.submit(columns, { name: 'Spring reminder' });
  const message = await slack.waitFor(
    () => [slack.openView(people.admin)].find((view) => view && textOf(view).includes('Edit campaign')),
    'the message form',
  );
  console.log(textOf(message));
  await slack.waitFor(() => slack.messages(channels.campaigns).length > 1, 'the card');
  await slack.submit(message, { message: 'Hi {{ name }}, see you on Friday at {{ company }}!' });
  const settings = await slack.waitFor(
    () => [slack.openView(people.admin)].find((view) => view && textOf(view).includes('Hours and limits')),
    'the settings',
  );
  console.log(textOf(settings));
  await slack.submit(settings, { rateLimitPerMinute: '6000' });
  const card = await slack.waitFor(
    () => slack.messages(channels.campaigns).find((shown) => textOf(shown).includes('0 of 3 contacts')),
    'the card with contacts',
  );
  console.log(textOf(card));
  await slack.click(card, 'campaign.start', people.admin);
  const preflight = await slack.waitFor(
    () =>
      [slack.openView(people.admin)].find(
        (view) => view && textOf(view).includes('Before it starts') && textOf(view).includes('Ready'),
      ),
    'the pre-flight',
  );
  console.log(textOf(preflight));
  await slack.submit(preflight, {});
  await slack.waitFor(() => carrier.requests.length === 3, 'three texts');
  console.log(slack.messages(channels.campaigns).map(textOf), slack.thread(card).map(textOf));
  console.log(log.lines.filter((line) => line.level !== 'debug'));
});
