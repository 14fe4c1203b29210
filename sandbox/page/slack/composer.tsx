import { useSignal } from '@preact/signals';
import type { TargetedEvent } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '#sandbox/page/icons.tsx';
import { channelLabel } from '#sandbox/page/session.ts';
import { slashCommands } from '#sandbox/page/tables.ts';
import type { SlackChannel } from '#sandbox/page-protocol.ts';
import { AttachmentList } from './attachment-list.tsx';
import { attach, attachmentsOf } from './attachments.ts';
import { commandOf } from './completion.ts';
import { CompletionList } from './completion-list.tsx';
import { send } from './send.ts';
import { ShortcutMenu } from './shortcuts.tsx';
import { useCompletion } from './use-completion.ts';

/** What is typed in each composer outlives a look at another channel. */
const drafts = new Map<string, string>();

export function Composer(props: { id: string; channel: SlackChannel; threadTs: string | null }) {
  const { channel, threadTs } = props;
  const composer = useComposer(props.id, channel.id, threadTs);
  const listId = useId();
  const completion = useCompletion(composer.text, composer.textarea, composer.setText);
  const place = channel.kind === 'im' ? channelLabel(channel) : `#${channel.name}`;
  const label = threadTs === null ? `Message ${place}` : 'Reply…';
  if (channel.isArchived) return <p class="composer-closed">{place} is archived: nobody can post here.</p>;

  return (
    <div class="composer" data-testid={threadTs === null ? 'composer-frame' : 'thread-composer-frame'}>
      {composer.problem && (
        <p class="composer-problem" role="alert">
          {composer.problem}
        </p>
      )}
      <AttachmentList composerId={props.id} />
      {completion.open && <CompletionList id={listId} completion={completion} />}
      <textarea
        ref={composer.textarea}
        rows={1}
        placeholder={label}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={completion.open ? listId : undefined}
        aria-activedescendant={completion.open ? `${listId}-${completion.activeIndex}` : undefined}
        data-testid={threadTs === null ? 'composer' : 'thread-composer'}
        value={composer.text}
        onInput={(event) => {
          completion.noteCaret();
          composer.setText(event.currentTarget.value);
        }}
        onSelect={completion.noteCaret}
        onBlur={completion.close}
        onPaste={composer.onPaste}
        onKeyDown={(event) => {
          if (completion.onKeyDown(event)) return;
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void composer.submit();
        }}
      />
      <ComposerBar composer={composer} isInThread={threadTs !== null} />
    </div>
  );
}

function ComposerBar(props: { composer: ReturnType<typeof useComposer>; isInThread: boolean }) {
  const { composer } = props;
  const fileInput = useRef<HTMLInputElement>(null);
  const hint = commandOf(composer.text, slashCommands.value);
  return (
    <div class="composer-bar">
      <button
        type="button"
        class="quiet icon-only"
        aria-label="Attach files"
        title="Attach files"
        onClick={() => fileInput.current?.click()}
      >
        <Icon name="clip" />
      </button>
      <input
        ref={fileInput}
        type="file"
        multiple
        hidden
        data-testid={props.isInThread ? 'thread-upload-input' : 'upload-input'}
        aria-label="Files to attach"
        onChange={(event: TargetedEvent<HTMLInputElement>) => {
          composer.attach(event.currentTarget.files ?? []);
          event.currentTarget.value = '';
        }}
      />
      <ShortcutMenu />
      <span class="composer-hint">{hint ? `${hint.command} ${hint.usageHint}` : ''}</span>
      <button
        type="button"
        class="send"
        aria-label="Send"
        title="Send (Enter)"
        disabled={!composer.canSend}
        aria-busy={composer.isSending}
        onClick={() => void composer.submit()}
      >
        <Icon name="send" />
      </button>
    </div>
  );
}

function useComposer(composerId: string, channelId: string, threadTs: string | null) {
  const text = useSignal(drafts.get(composerId) ?? '');
  const problem = useSignal('');
  const isSending = useSignal(false);
  const textarea = useRef<HTMLTextAreaElement>(null);
  const attachments = attachmentsOf(composerId);
  const canSend = !isSending.value && (text.value.trim() !== '' || attachments.value.length > 0);
  useGrowingHeight(textarea, text.value);

  function setText(next: string) {
    text.value = next;
    problem.value = '';
    drafts.set(composerId, next);
  }

  function attachFiles(files: Iterable<File>) {
    attach(composerId, files);
    textarea.current?.focus();
  }

  async function submit() {
    if (!canSend) return;
    const typed = text.value;
    isSending.value = true;
    if (attachments.value.length === 0) setText('');
    const sent = await send({ composerId, channelId, threadTs, text: typed });
    isSending.value = false;
    const typedMeanwhile = attachments.peek().length === 0 && text.value !== typed ? text.value : '';
    setText(sent.remainingText || typedMeanwhile);
    problem.value = sent.problem;
  }

  function onPaste(event: ClipboardEvent) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    attachFiles(files);
  }

  return {
    text: text.value,
    problem: problem.value,
    isSending: isSending.value,
    canSend,
    textarea,
    setText,
    attach: attachFiles,
    submit,
    onPaste,
  };
}

function useGrowingHeight(textarea: { current: HTMLTextAreaElement | null }, text: string) {
  useLayoutEffect(() => {
    const box = textarea.current;
    if (!box) return;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, 240)}px`;
  }, [text, textarea]);
}
