import type { WebClient } from '@slack/web-api';
import type { Log } from '#ports/log.ts';
import type { Message } from './blocks/kit.ts';
import { failureCode } from './errors.ts';
import { sentenceView } from './modals/frame.ts';

/** How the person who asked hears back. An answer that cannot be delivered changes nothing of what was done. */
export type Answer = {
  /** To them alone. */
  privately(message: Message): Promise<void>;
  /** For everybody in the channel, because others rely on it. */
  publicly(message: Message): Promise<void>;
  /** In place of the message in which they pressed. */
  instead(message: Message): Promise<void>;
};

const RESPONSE_TIMEOUT_MS = 8000;

/** By the address that Slack gives with commands and presses: five answers within half an hour (slack.md §2.2). */
export function answerAt(responseUrl: string, log: Log, threadTs: string | null = null): Answer {
  const send = (message: Message, extra: object) =>
    post(responseUrl, { ...message, ...(threadTs ? { thread_ts: threadTs } : {}), ...extra }, log);
  return {
    privately: (message) => send(message, { response_type: 'ephemeral', replace_original: false }),
    publicly: (message) => send(message, { response_type: 'in_channel', replace_original: false }),
    instead: (message) => send(message, { replace_original: true }),
  };
}

async function post(responseUrl: string, body: object, log: Log): Promise<void> {
  try {
    const response = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) log.warn({ status: response.status }, 'Slack did not take an answer');
  } catch (error) {
    log.warn({ code: failureCode(error) }, 'an answer did not reach Slack');
  }
}

export type ModalPlace = { triggerId: string; userId: string; isFromModal: boolean };

/** Where there is no channel (home tab, modal): in a modal of its own, or as a direct message once the trigger is dead. */
export function answerInModal(web: WebClient, place: ModalPlace, log: Log): Answer {
  const show = async (message: Message) => {
    const view = sentenceView('Ringmaster', message);
    try {
      if (place.isFromModal) await web.views.push({ trigger_id: place.triggerId, view });
      else await web.views.open({ trigger_id: place.triggerId, view });
    } catch (error) {
      log.debug({ code: failureCode(error) }, 'an answer goes by direct message');
      await sayIn(web, { channel: place.userId }, message, log);
    }
  };
  return { privately: show, publicly: show, instead: show };
}

/** Where words were written to us: to them alone in that thread, or as a reply that all can read. */
export function answerInThread(
  web: WebClient,
  place: { channelId: string; threadTs: string; userId: string },
  log: Log,
): Answer {
  const where = { channel: place.channelId, thread_ts: place.threadTs };
  const publicly = (message: Message) => sayIn(web, where, message, log);
  const privately = async (message: Message) => {
    try {
      await web.chat.postEphemeral({ ...where, user: place.userId, ...asSent(message) });
    } catch (error) {
      log.warn({ code: failureCode(error) }, 'an answer could not be shown');
    }
  };
  return { privately, publicly, instead: privately };
}

async function sayIn(
  web: WebClient,
  where: { channel: string; thread_ts?: string },
  message: Message,
  log: Log,
): Promise<void> {
  try {
    await web.chat.postMessage({ ...where, ...asSent(message), unfurl_links: false, unfurl_media: false });
  } catch (error) {
    log.warn({ code: failureCode(error) }, 'an answer could not be posted');
  }
}

function asSent(message: Message) {
  return message as {
    text: string;
    blocks: Exclude<Message['blocks'][number], { type: 'data_visualization' }>[];
  };
}
