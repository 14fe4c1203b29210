import { describe, expect, test } from 'vitest';
import { changeWorkspace } from '#db/workspaces.ts';
import { createApi } from '#support/api.ts';

const { ask, deps, workspace, tokenFor } = await createApi();
const preview = async (template: string, variables?: Record<string, unknown>) =>
  (await ask('POST /campaigns/template-preview', { json: { template, variables } })).body;

describe('the preview of a template', () => {
  test.each([
    [
      "Hi {{name|title_case}}, this is {{assistant_name}} from {{company}}. I'm calling about your appointment on {{appointment_date}}.",
      {
        name: 'john smith',
        assistant_name: 'Sarah',
        company: 'Acme Healthcare',
        appointment_date: 'February 15th',
      },
      "Hi John Smith, this is Sarah from Acme Healthcare. I'm calling about your appointment on February 15th.",
    ],
    [
      "Hi {{name|default('there')}}, your appointment is on {{appointment_date|default('your scheduled date')}}.",
      { name: 'John' },
      'Hi John, your appointment is on your scheduled date.',
    ],
    ['{{phone|phone_format}} {{ count }}', { phone: '+15551234567', count: 3 }, '(555) 123-4567 3'],
    [
      'Hi {{name}}, {{assistant_name}} of {{company}}.',
      undefined,
      'Hi there, your assistant of our company.',
    ],
    ['{{ name }}', { name: ['a', { b: 1 }] }, 'there'],
  ])('of %j', async (template, variables, rendered_template) => {
    expect(await preview(template, variables)).toEqual({ success: true, rendered_template });
  });

  test.each(['Hi {{name', '{% for x in y %}{% endfor %}', '{{ name.constructor }}', '{{ name | evil }}'])(
    'of %j says what is wrong, and shows the template',
    async (template) => {
      const { status, body } = await ask('POST /campaigns/template-preview', { json: { template } });
      expect([status, body.success]).toEqual([200, false]);
      expect(body.rendered_template).toMatch(/^\[Template Error: .+\] /);
      expect(body.rendered_template.endsWith(`] ${template}`)).toBe(true);
    },
  );

  test('speaks for the company of the workspace where nobody names another', async () => {
    await changeWorkspace(deps.db, workspace.id, { companyName: 'Acme Dental' });
    expect((await preview('{{company}}')).rendered_template).toBe('Acme Dental');
    expect((await preview('{{company}}', { company: 'Other' })).rendered_template).toBe('Other');
  });

  test('needs a template, and a token that may look', async () => {
    expect((await ask('POST /campaigns/template-preview', { json: { variables: {} } })).status).toBe(422);
    const token = await tokenFor(['launch']);
    expect((await ask('POST /campaigns/template-preview', { json: { template: 'Hi' }, token })).status).toBe(
      403,
    );
  });
});
