import { revokeLawOverride } from '#operations/revoke-law-override.ts';
import { lawMessage } from '#slack/commands/law.ts';
import { openLawOverride } from '#slack/modals/law-override.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { ActionHandler } from './action.ts';

export const overrideRow: ActionHandler = {
  right: 'administer',
  runs: 'now',
  run: (press) => openLawOverride(press, press.value ?? ''),
};

/** The message in which it was pressed shows at once that the law holds again. */
export const revokeRow: ActionHandler = {
  right: 'administer',
  runs: 'stored',
  async run(press) {
    const { deps, workspaceId, actor, answer } = press;
    const ruleKey = press.value ?? '';
    const revoked = await revokeLawOverride(deps, { workspaceId, actor, ruleKey });
    if (!revoked) await answer.privately(sentenceMessage(GONE));
    await answer.instead(await lawMessage(press, ruleKey));
  },
};

const GONE = 'That override was revoked already. Nothing was changed; the law holds as the row says.';
