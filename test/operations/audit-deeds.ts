import { eq } from 'drizzle-orm/sql';
import { recordings } from '#db/call-schema.ts';
import { attempts, contactHolds, contacts, inboundTexts } from '#db/schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { attestCampaign } from '#operations/attest-campaign.ts';
import { createCallDesk } from '#operations/call-desk.ts';
import { changeRate } from '#operations/change-rate.ts';
import { changeStatus } from '#operations/change-status.ts';
import { changeWorkspaceSettings } from '#operations/change-workspace.ts';
import { checkSuppression } from '#operations/check-suppression.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import { createToken } from '#operations/create-token.ts';
import { decideApproval } from '#operations/decide-approval.ts';
import { decideContactHold } from '#operations/decide-contact-hold.ts';
import { decideReview } from '#operations/decide-review.ts';
import { deleteCampaign } from '#operations/delete-campaign.ts';
import { disconnectWorkspace } from '#operations/disconnect-workspace.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { exportCalls } from '#operations/export-calls.ts';
import { exportPerson } from '#operations/export-person.ts';
import { grantRole } from '#operations/grant-role.ts';
import { handOutResults } from '#operations/hand-out-results.ts';
import { handOutSuppressions } from '#operations/hand-out-suppressions.ts';
import { hangUpCall } from '#operations/hang-up-call.ts';
import { keepRecording } from '#operations/keep-recording.ts';
import { launchCampaign } from '#operations/launch-campaign.ts';
import { liftListed } from '#operations/lift-listed.ts';
import { liftPrefix } from '#operations/lift-prefix.ts';
import { liftSuppression } from '#operations/lift-suppression.ts';
import { listenIn } from '#operations/listen-in.ts';
import { noteOnCall } from '#operations/note-on-call.ts';
import { openRecording } from '#operations/open-recording.ts';
import { overrideLaw } from '#operations/override-law.ts';
import { postCard } from '#operations/post-card.ts';
import { raiseBudget } from '#operations/raise-budget.ts';
import { reExecuteCampaign } from '#operations/re-execute.ts';
import { receiveUpload } from '#operations/receive-upload.ts';
import { recordConsent } from '#operations/record-consent.ts';
import { requestApproval } from '#operations/request-approval.ts';
import { requestErasure } from '#operations/request-erasure.ts';
import { requestEvidence } from '#operations/request-evidence.ts';
import { requestImport } from '#operations/request-import.ts';
import { requestResults } from '#operations/request-results.ts';
import { requestSuppressionImport } from '#operations/request-suppression-import.ts';
import { requestSuppressionUpload } from '#operations/request-suppression-upload.ts';
import { requestSuppressionsFile } from '#operations/request-suppressions-file.ts';
import { requestUploadImport } from '#operations/request-upload-import.ts';
import { retireAssistant } from '#operations/retire-assistant.ts';
import { revokeLawOverride } from '#operations/revoke-law-override.ts';
import { revokeRole } from '#operations/revoke-role.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import { saveFormDraft } from '#operations/save-form-draft.ts';
import { scheduleCampaign } from '#operations/schedule-campaign.ts';
import { scheduleNextRun } from '#operations/schedule-next-run.ts';
import { sendAudit } from '#operations/send-audit.ts';
import { sendRecording } from '#operations/send-recording.ts';
import { sendReply } from '#operations/send-reply.ts';
import { skipRun } from '#operations/skip-run.ts';
import { suppressFromReply } from '#operations/suppress-from-reply.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { suppressPrefix } from '#operations/suppress-prefix.ts';
import { takeOverCall } from '#operations/take-over-call.ts';
import { testOnMe } from '#operations/test-on-me.ts';
import { undoStart } from '#operations/undo-start.ts';
import { unscheduleCampaign } from '#operations/unschedule-campaign.ts';
import { updateAssistant } from '#operations/update-assistant.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { withdrawConsent } from '#operations/withdraw-consent.ts';
import { beginSession, makeAssistant, placeCall } from '#support/desk.ts';
import { ANNA, createEngine, phones } from '#support/engine.ts';
import { webhookDeeds } from './webhook-deeds.ts';

const BEN = { kind: 'slack_user', userId: 'U_BEN' } as const;
const EVERY_CALL = {
  campaignId: null,
  assistantId: null,
  stage: null,
  digits: null,
  since: null,
  until: null,
  minSeconds: null,
  maxSeconds: null,
};
const DM = { channelId: 'D_ANNA', threadTs: null };

/** What a verb does for somebody, and the kind of the event that tells of it. */
export type Deed = { kind: string; run(): Promise<unknown> };

/** An engine in which Anna may do everything, and the deeds that she can do there, by the file of their verb. */
export async function createDeeds() {
  const engine = await createEngine();
  const { deps, workspace } = engine;
  const workspaceId = workspace.id;
  await changeWorkspace(deps.db, workspaceId, { defaultRole: 'admin' });
  const anna = { workspaceId, actor: ANNA };
  let used = 0;
  const fresh = () => {
    used += 1;
    return phones(1, 3000 + used)[0] ?? '';
  };
  const draft = (options = {}) => engine.campaign({ phones: [fresh()], ...options });
  const started = async (options = {}) => {
    const campaignId = await draft(options);
    await changeStatus(deps, { campaignId, move: 'start', actor: BEN });
    return campaignId;
  };
  const scheduled = async (schedule: object = NEXT_YEAR) => {
    const campaignId = await draft();
    await scheduleCampaign(deps, { campaignId, actor: BEN, schedule });
    return campaignId;
  };
  const asked = async () => {
    await changeWorkspace(deps.db, workspaceId, { requiresApproval: true });
    return requestApproval(deps, { campaignId: await byBen(), actor: BEN });
  };
  /** Its last change is Ben's, so that Anna may approve it. */
  const byBen = async () => {
    const campaignId = await draft();
    await updateCampaign(deps, { campaignId, actor: BEN, changes: { name: 'Ben’s' } });
    return campaignId;
  };
  const noDemands = () => changeWorkspace(deps.db, workspaceId, { requiresApproval: false });
  const texted = async (body: string) => {
    const phone = fresh();
    await started({ phones: [phone] });
    await engine.drain();
    used += 1;
    const ref = `MMaudit${used}`;
    await engine.report({
      kind: 'text_inbound',
      ref,
      from: phone,
      to: '+15005550006',
      body,
      mediaCount: 0,
      optOut: null,
    });
    const [text] = await deps.db.select().from(inboundTexts).where(eq(inboundTexts.fromNumber, phone));
    const [hold] = await deps.db.select().from(contactHolds).where(eq(contactHolds.phoneNumber, phone));
    return { phone, inboundTextId: text?.id ?? 0, holdId: hold?.id ?? 0 };
  };
  const talking = async (fields: Parameters<typeof placeCall>[1] = {}) => {
    const call = await placeCall(engine, fields, fresh());
    await createCallDesk(deps).answer({ ...call, verdict: null });
    await beginSession(engine, call.token, `VX${call.callId}`);
    return call;
  };
  const listed = async () => {
    const phone = fresh();
    await suppressNumber(deps, { ...SUPPRESSION, ...anna, actor: BEN, phone });
    return phone;
  };
  const consented = async () => {
    const phone = fresh();
    await recordConsent(deps, { ...CONSENT, ...anna, actor: BEN, phone });
    return phone;
  };
  const prefix = { workspaceId, prefix: '+1900', channel: 'all', onlyCampaignId: null } as const;
  /** A call whose recording can be listened to. */
  const recorded = async () => {
    const assistantId = await makeAssistant(engine, { isRecording: true, recordingDays: 10 });
    const { token, ref, callId } = await talking({ assistantId });
    engine.carrier.fetchRecording = async () => ({ size: 3, stream: audio() });
    await deps.db.transaction((tx) =>
      keepRecording(deps, tx, {
        kind: 'recording',
        token,
        ref,
        recordingRef: `RE${callId}`,
        status: 'completed',
        durationSeconds: 3,
        channels: null,
      }),
    );
    const [row] = await deps.db.select().from(recordings).where(eq(recordings.callId, callId));
    return { callId, recordingId: row?.id ?? 0 };
  };
  const lookup = async () => {
    const { id } = await saveFormDraft(deps, {
      workspaceId,
      userId: 'U_ANNA',
      kind: 'privacy',
      data: { phone: fresh() },
    });
    return { workspaceId, lookup: id, actor: ANNA, channelId: 'D_ANNA' };
  };
  const override = { ruleKey: 'US-FL', hours: [ALL_DAY], reason: 'Our lawyers looked at this.' };

  const deeds: Record<string, Deed> = {
    ...webhookDeeds(engine),
    'attest-campaign': {
      kind: 'campaign_attested',
      run: async () => attestCampaign(deps, { campaignId: await draft(), actor: ANNA }),
    },
    'change-rate': {
      kind: 'rate_set',
      run: () =>
        changeRate(deps, { ...anna, channel: 'sms', country: 'US', price: { lowMicros: 1, highMicros: 2 } }),
    },
    'change-status': {
      kind: 'campaign_start',
      run: async () => changeStatus(deps, { campaignId: await draft(), move: 'start', actor: ANNA }),
    },
    'change-workspace': {
      kind: 'workspace_changed',
      run: () => changeWorkspaceSettings(deps, { ...anna, changes: { companyName: 'Acme' } }),
    },
    'create-assistant': {
      kind: 'assistant_created',
      run: () => createAssistant(deps, { ...anna, creationKey: 'audit', name: 'Nova', voice: 'olivia' }),
    },
    'create-campaign': { kind: 'campaign_created', run: draft },
    'create-token': {
      kind: 'token_created',
      run: () => createToken(deps, { ...anna, name: 'CRM', scopes: ['read'], expiresAt: null }),
    },
    'decide-approval': {
      kind: 'approval_approved',
      run: async () => {
        await decideApproval(deps, { ...anna, ...(await asked()), decision: 'approved' });
        await noDemands();
      },
    },
    'decide-contact-hold': {
      kind: 'hold_decided',
      run: async () => {
        const { holdId } = await texted('please stop texting me about this');
        return decideContactHold(deps, { ...anna, contactHoldId: holdId, decision: 'keep' });
      },
    },
    'decide-review': {
      kind: 'review_decided',
      run: async () => {
        const campaignId = await started();
        await engine.drain();
        await deps.db
          .update(attempts)
          .set({ state: 'needs_review' })
          .where(eq(attempts.campaignId, campaignId));
        const [row] = await deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
        return decideReview(deps, { ...anna, attemptId: row?.id ?? 0, decision: 'assume_done' });
      },
    },
    'delete-campaign': {
      kind: 'campaign_deleted',
      run: async () => deleteCampaign(deps, { campaignId: await draft(), actor: ANNA }),
    },
    'disconnect-workspace': {
      kind: 'workspace_disconnected',
      run: async () => {
        await disconnectWorkspace(deps, { slackTeamId: workspace.slackTeamId });
        await ensureWorkspace(deps, { slackTeamId: workspace.slackTeamId });
      },
    },
    'erase-person': {
      kind: 'person_erased',
      run: async () => {
        await requestErasure(deps, await lookup());
        await engine.drain();
      },
    },
    'export-person': {
      kind: 'person_exported',
      run: () => exportPerson(deps, { ...anna, phone: fresh(), place: DM }),
    },
    'grant-role': {
      kind: 'role_granted',
      run: () => grantRole(deps, { ...anna, subject: SUBJECT, role: 'editor' }),
    },
    'export-calls': {
      kind: 'file_handed_out',
      run: () => exportCalls(deps, { ...anna, ...EVERY_CALL }).next(),
    },
    'hand-out-suppressions': {
      kind: 'file_handed_out',
      run: () => handOutSuppressions(deps, anna).next(),
    },
    'hang-up-call': {
      kind: 'call_hung_up',
      run: async () => hangUpCall(deps, { ...anna, callId: (await talking()).callId }),
    },
    'note-on-call': {
      kind: 'call_noted',
      run: async () =>
        noteOnCall(deps, {
          ...anna,
          callId: (await talking()).callId,
          changes: { of: 'P1 at +12125550101' },
        }),
    },
    'lift-listed': {
      kind: 'suppression_lifted',
      run: async () => {
        const { entries } = await checkSuppression(deps, { workspaceId, phone: await listed() });
        return liftListed(deps, { ...anna, what: 'entry', id: entries[0]?.id ?? 0 });
      },
    },
    'lift-prefix': {
      kind: 'suppression_lifted',
      run: async () => {
        await suppressPrefix(deps, { ...prefix, reason: 'Asked.', source: 'manual', actor: BEN });
        return liftPrefix(deps, { ...prefix, actor: ANNA });
      },
    },
    'lift-suppression': {
      kind: 'suppression_lifted',
      run: async () => liftSuppression(deps, { ...anna, phone: await listed() }),
    },
    'listen-in': {
      kind: 'call_listened',
      run: async () => listenIn(deps, { ...anna, callId: (await talking()).callId }),
    },
    'open-recording': {
      kind: 'recording_sent',
      run: async () => openRecording(deps, { ...anna, ...(await recorded()) }),
    },
    'override-law': { kind: 'law_overridden', run: () => overrideLaw(deps, { ...anna, ...override }) },
    'post-card': {
      kind: 'card_posted',
      run: async () => postCard(deps, { campaignId: await draft(), channelId: 'C_AUDIT', actor: ANNA }),
    },
    'raise-budget': {
      kind: 'campaign_updated',
      run: async () => raiseBudget(deps, { campaignId: await draft(), micros: 5_000_000, actor: ANNA }),
    },
    'launch-campaign': {
      kind: 'campaign_start',
      run: async () => launchCampaign(deps, { campaignId: await draft(), actor: ANNA }),
    },
    're-execute': {
      kind: 'campaign_re_execute',
      run: async () => {
        const campaignId = await started();
        await changeStatus(deps, { campaignId, move: 'cancel', actor: BEN });
        return reExecuteCampaign(deps, { campaignId, actor: ANNA, selection: 'all' });
      },
    },
    'record-consent': {
      kind: 'consent_recorded',
      run: () => recordConsent(deps, { ...CONSENT, ...anna, phone: fresh() }),
    },
    'request-approval': {
      kind: 'approval_requested',
      run: async () => {
        await changeWorkspace(deps.db, workspaceId, { requiresApproval: true });
        await requestApproval(deps, { campaignId: await draft(), actor: ANNA });
        await noDemands();
      },
    },
    'request-erasure': {
      kind: 'suppression_added',
      run: async () => requestErasure(deps, await lookup()),
    },
    'request-evidence': {
      kind: 'file_handed_out',
      run: async () => requestEvidence(deps, { ...anna, campaignId: await draft(), place: DM }),
    },
    'hand-out-results': {
      kind: 'file_handed_out',
      run: async () => handOutResults(deps, { ...anna, campaignId: await draft(), format: 'csv' }),
    },
    'request-upload-import': {
      kind: 'import_requested',
      run: async () =>
        requestUploadImport(deps, {
          campaignId: await draft(),
          upload: await receiveUpload(deps, { workspaceId, fileName: 'more.csv', stream: csvOf(fresh()) }),
          columnMappings: {},
          mode: 'append',
          actor: ANNA,
          requestKey: 'audit-upload',
        }),
    },
    'request-import': {
      kind: 'import_requested',
      run: async () =>
        requestImport(deps, {
          campaignId: await draft(),
          fileId: 'F1',
          fileName: 'more.csv',
          mapping: [{ header: 'phone', target: 'phone_number', variable: 'phone_number' } as never],
          mode: 'append',
          actor: ANNA,
          requestKey: 'audit',
          place: null,
        }),
    },
    'request-results': {
      kind: 'file_handed_out',
      run: async () => requestResults(deps, { ...anna, campaignId: await draft(), otherwise: DM }),
    },
    'request-suppression-import': {
      kind: 'suppression_import_requested',
      run: () =>
        requestSuppressionImport(deps, {
          ...anna,
          kind: 'own',
          onlyCampaignId: null,
          fileId: 'F2',
          fileName: 'list.csv',
          requestKey: 'audit',
          channelId: 'D_ANNA',
        }),
    },
    'request-suppression-upload': {
      kind: 'suppression_import_requested',
      run: async () =>
        requestSuppressionUpload(deps, {
          ...anna,
          kind: 'own',
          onlyCampaignId: null,
          upload: await receiveUpload(deps, { workspaceId, fileName: 'list.csv', stream: csvOf(fresh()) }),
          requestKey: 'audit-list',
        }),
    },
    'request-suppressions-file': {
      kind: 'file_handed_out',
      run: () => requestSuppressionsFile(deps, { ...anna, place: DM }),
    },
    'retire-assistant': {
      kind: 'assistant_retired',
      run: async () => retireAssistant(deps, { ...anna, assistantId: await makeAssistant(engine) }),
    },
    'revoke-law-override': {
      kind: 'law_override_revoked',
      run: async () => {
        await overrideLaw(deps, { ...anna, ...override, actor: BEN });
        return revokeLawOverride(deps, { ...anna, ruleKey: override.ruleKey });
      },
    },
    'revoke-role': {
      kind: 'role_revoked',
      run: async () => {
        await grantRole(deps, { ...anna, actor: BEN, subject: SUBJECT, role: 'editor' });
        return revokeRole(deps, { ...anna, subject: SUBJECT });
      },
    },
    'revoke-token': {
      kind: 'token_revoked',
      run: async () => {
        const wish = { workspaceId, actor: BEN, name: 'CRM', scopes: ['read'], expiresAt: null };
        return revokeToken(deps, { ...anna, tokenId: (await createToken(deps, wish)).tokenId });
      },
    },
    'schedule-next-run': {
      kind: 'campaign_schedule',
      run: async () => {
        const campaignId = await started();
        await changeStatus(deps, { campaignId, move: 'cancel', actor: BEN });
        return scheduleNextRun(deps, { campaignId, actor: ANNA, selection: 'all', schedule: NEXT_YEAR });
      },
    },
    'schedule-campaign': {
      kind: 'campaign_schedule',
      run: async () =>
        scheduleCampaign(deps, { campaignId: await draft(), actor: ANNA, schedule: NEXT_YEAR }),
    },
    'send-audit': {
      kind: 'file_handed_out',
      run: () => sendAudit(deps, { ...anna, campaignId: null, place: DM }),
    },
    'send-recording': {
      kind: 'recording_sent',
      run: async () => sendRecording(deps, { ...anna, ...(await recorded()), place: DM }),
    },
    'send-reply': {
      kind: 'reply_sent',
      run: async () => {
        const { inboundTextId } = await texted('Tell me more');
        return sendReply(deps, { ...anna, inboundTextId, body: 'Gladly.', requestKey: 'audit' });
      },
    },
    'skip-run': {
      kind: 'campaign_run_skipped',
      run: async () => skipRun(deps, { campaignId: await scheduled(EVERY_MONDAY), actor: ANNA }),
    },
    'suppress-from-reply': {
      kind: 'suppression_added',
      run: async () => {
        const { inboundTextId } = await texted('No thank you');
        return suppressFromReply(deps, { ...anna, inboundTextId });
      },
    },
    'suppress-number': {
      kind: 'suppression_added',
      run: () => suppressNumber(deps, { ...SUPPRESSION, ...anna, phone: fresh() }),
    },
    'suppress-prefix': {
      kind: 'suppression_added',
      run: () =>
        suppressPrefix(deps, { ...prefix, prefix: '+1976', reason: 'Asked.', source: 'manual', actor: ANNA }),
    },
    'take-inbound-text': { kind: 'suppression_added', run: () => texted('STOP') },
    'take-over-call': {
      kind: 'call_taken_over',
      run: async () => {
        const assistantId = await makeAssistant(engine, { transferTargets: [ANNAS_PHONE] } as never);
        return takeOverCall(deps, { ...anna, callId: (await talking({ assistantId })).callId });
      },
    },
    'test-on-me': {
      kind: 'campaign_tested',
      run: async () => {
        const campaignId = await draft();
        const [contact] = await deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
        return testOnMe(deps, {
          ...anna,
          campaignId,
          contactId: contact?.id ?? 0,
          phone: fresh(),
          channel: 'sms',
          requestKey: 'audit',
        });
      },
    },
    'undo-start': {
      kind: 'campaign_withdraw',
      run: async () => {
        const campaignId = await draft();
        await changeStatus(deps, { campaignId, move: 'start', actor: BEN, withUndo: true });
        return undoStart(deps, { campaignId, actor: ANNA });
      },
    },
    'unschedule-campaign': {
      kind: 'campaign_unschedule',
      run: async () => unscheduleCampaign(deps, { campaignId: await scheduled(), actor: ANNA }),
    },
    'update-assistant': {
      kind: 'assistant_updated',
      run: async () =>
        updateAssistant(deps, {
          ...anna,
          assistantId: await makeAssistant(engine),
          changes: { prompt: 'Be kind.' },
        }),
    },
    'update-campaign': {
      kind: 'campaign_updated',
      run: async () =>
        updateCampaign(deps, { campaignId: await draft(), actor: ANNA, changes: { name: 'X' } }),
    },
    'withdraw-consent': {
      kind: 'consent_withdrawn',
      run: async () => withdrawConsent(deps, { ...anna, phone: await consented(), channel: 'sms' }),
    },
  };
  return { engine, deeds };
}

const SUBJECT = { subjectKind: 'user', subjectId: 'U_CARA' } as const;
const SUPPRESSION = { channel: 'all', reason: 'Asked.', source: 'manual' } as const;
const CONSENT = {
  channel: 'sms' as const,
  givenAt: new Date('2026-11-01T12:00:00Z'),
  method: 'web form',
  wording: null,
};
const ALL_DAY = {
  start: '06:00',
  end: '23:00',
  days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const,
} as never;
const NEXT_YEAR = {
  schedule_type: 'scheduled',
  scheduled_at: '2027-01-12T09:00:00',
  timezone: 'America/New_York',
};
const EVERY_MONDAY = {
  schedule_type: 'recurring',
  timezone: 'America/New_York',
  recurring_config: { frequency: 'weekly', days_of_week: [1], time: '09:00' },
};
const ANNAS_PHONE = { key: 'anna', label: 'Anna', phoneNumber: '+12125550777', slackUserId: 'U_ANNA' };

async function* audio(): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode('ID3');
}

async function* csvOf(phone: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(`phone\n${phone}\n`);
}
