import type { ModalView } from '@slack/types';
import type { Block, Message } from '#slack/blocks/kit.ts';
import { plain, plainSection } from '#slack/blocks/kit.ts';
import { LIMITS } from '#slack/limits.ts';
import type { ModalName } from './names.ts';

export type Frame = {
  name: ModalName;
  title: string;
  submit?: string;
  close?: string;
  blocks: Block[];
  /** Ids and a version only: drafts live in the database (slack.md §2.4). */
  metadata?: object;
};

/** A modal within Slack's limits: titles of 24 characters, 100 blocks. */
export function modal({ name, title, submit, close = 'Close', blocks, metadata }: Frame): ModalView {
  return {
    type: 'modal',
    callback_id: name,
    title: plain(title, LIMITS.viewTitle),
    ...(submit ? { submit: plain(submit, LIMITS.viewButton) } : {}),
    close: plain(close, LIMITS.viewButton),
    blocks: blocks.slice(0, LIMITS.viewBlocks) as ModalView['blocks'],
    ...(metadata ? { private_metadata: JSON.stringify(metadata) } : {}),
  };
}

/** Something to read, with nothing to fill in. */
export function sentenceView(title: string, message: Message): ModalView {
  return modal({ name: 'notice', title, blocks: message.blocks });
}

/** Shown at once while the trigger lives; what follows replaces it. File names in it are shown letter for letter. */
export function waitingView(sentence: string): ModalView {
  return modal({ name: 'notice', title: 'One moment', blocks: [plainSection(`⏳ ${sentence}`)] });
}
