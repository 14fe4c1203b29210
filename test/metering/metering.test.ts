import { describe, expect, it } from 'vitest';
import { createMetering } from '#metering/prometheus.ts';
import { meterTelephony } from '#metering/telephony.ts';
import { LookupFailed } from '#ports/telephony.ts';
import { scriptedCarrier } from '#support/engine.ts';

const NOTHING = { workload: null, openSockets: 0 };
const WORKLOAD = { dueTasks: 3, laterTasks: 2, givenUpTasks: 1, oldestDueSeconds: 4.5, runningCampaigns: 7 };
const TEXT = { token: 't', from: null as never, body: 'Hello', validForSeconds: 60 };

describe('what a process counts', () => {
  it('is written in Prometheus’ text format, each process for itself', async () => {
    const { meters, write, contentType } = createMetering();
    meters.attemptEnded('sms', 'delivered');
    meters.attemptEnded('sms', 'delivered');
    meters.attemptEnded('call', 'no_answer');
    meters.slackThrottled();
    meters.requestAnswered({ method: 'GET', route: '/api/v1/campaigns/:id', status: 200, seconds: 0.02 });
    meters.requestAnswered({ method: 'BREW', route: 'unknown', status: 404, seconds: 0.02 });
    const text = await write({ workload: WORKLOAD, openSockets: 12 });
    expect(contentType).toMatch(/^text\/plain/);
    for (const line of [
      'ringmaster_attempts_total{channel="sms",outcome="delivered"} 2',
      'ringmaster_attempts_total{channel="call",outcome="no_answer"} 1',
      'ringmaster_slack_throttled_total 1',
      'ringmaster_http_request_seconds_bucket{le="0.01",method="GET",route="/api/v1/campaigns/:id",status="200"} 0',
      'ringmaster_http_request_seconds_bucket{le="0.025",method="GET",route="/api/v1/campaigns/:id",status="200"} 1',
      'ringmaster_http_request_seconds_count{method="other",route="unknown",status="404"} 1',
      'ringmaster_tasks{state="due"} 3',
      'ringmaster_tasks{state="given_up"} 1',
      'ringmaster_oldest_due_task_seconds 4.5',
      'ringmaster_running_campaigns 7',
      'ringmaster_open_sockets 12',
      'ringmaster_database_up 1',
    ])
      expect(text.split('\n')).toContain(line);
    expect(await createMetering().write(NOTHING)).not.toContain('outcome="delivered"');
  });

  it('says nothing of the work that waits while the database cannot be asked', async () => {
    const { write } = createMetering();
    await write({ workload: WORKLOAD, openSockets: 0 });
    const text = await write(NOTHING);
    expect(text).toContain('ringmaster_database_up 0');
    expect(text).not.toContain('ringmaster_tasks{');
    expect(text).not.toMatch(/^ringmaster_running_campaigns 7/m);
  });
});

describe('requests to a carrier', () => {
  const answers = {
    '+15005550001': { kind: 'accepted', ref: 'SM1' },
    '+15005550002': { kind: 'rejected', refusal: { class: 'invalid_number', code: '21211', fix: 'No.' } },
    '+15005550003': { kind: 'throttled', retryAfterMs: 1, code: '429' },
    '+15005550004': { kind: 'unknown', cause: 'timeout' },
  } as const;

  it('are timed by what they came to, and none of their numbers is kept', async () => {
    const { meters, write } = createMetering();
    const carrier = scriptedCarrier();
    carrier.answer = ({ to }) => answers[to as keyof typeof answers] as never;
    const telephony = meterTelephony(carrier, meters);
    for (const to of Object.keys(answers)) await telephony.sendText({ ...TEXT, to });
    carrier.lookupFails = new LookupFailed('down');
    await expect(telephony.fetchText('SM1')).rejects.toThrow(LookupFailed);
    await telephony.ownsNumber('+15005550001');
    const text = await write(NOTHING);
    const counted = [...text.matchAll(/^ringmaster_provider_request_seconds_count\{(.*)\} (\d+)$/gm)];
    expect(counted.map(([, labels, times]) => `${labels} ${times}`).sort()).toEqual([
      'request="fetch_text",result="failed" 1',
      'request="owns_number",result="done" 1',
      'request="send_text",result="accepted" 1',
      'request="send_text",result="rejected" 1',
      'request="send_text",result="throttled" 1',
      'request="send_text",result="unknown" 1',
    ]);
    expect(text).not.toMatch(/\+1500|SM1/);
  });

  it('are answered as the carrier answers them', async () => {
    const carrier = scriptedCarrier();
    const telephony = meterTelephony(carrier, createMetering().meters);
    expect(telephony.callsPerSecond).toBe(carrier.callsPerSecond);
    expect(await telephony.sendText({ ...TEXT, to: '+15005550001' })).toEqual({
      kind: 'accepted',
      ref: 'SM1',
    });
    expect(carrier.requests).toHaveLength(1);
  });
});
