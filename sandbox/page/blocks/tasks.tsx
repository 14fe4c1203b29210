import { Icon, type IconName } from '#sandbox/page/icons.tsx';
import { asObject, asObjects, asText } from '#sandbox/page/json.ts';
import { safeHref } from '#sandbox/page/text/formatted.ts';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { RichText } from './basic-blocks.tsx';

const statuses: Record<string, { words: string; icon: IconName | null }> = {
  pending: { words: 'to do', icon: null },
  in_progress: { words: 'in progress', icon: null },
  complete: { words: 'done', icon: 'check' },
  error: { words: 'failed', icon: 'close' },
};

export function Plan({ block }: { block: JsonObject }) {
  const tasks = asObjects(block.tasks);
  const done = tasks.filter((task) => task.status === 'complete').length;
  return (
    <section class="plan">
      <div class="plan-title">
        <strong>{asText(block.title)}</strong>
        <span class="hint">
          {done} of {tasks.length} done
        </span>
      </div>
      {tasks.map((task, index) => (
        <TaskCard key={asText(task.task_id) || index} block={task} />
      ))}
    </section>
  );
}

export function TaskCard({ block }: { block: JsonObject }) {
  const status = asText(block.status) || 'pending';
  const known = statuses[status] ?? { words: status, icon: null };
  const details = asObject(block.details);
  const output = asObject(block.output);
  const sources = asObjects(block.sources);
  const head = (
    <>
      <span class={`task-mark is-${status}`}>{known.icon && <Icon name={known.icon} />}</span>
      <span class="task-title">{asText(block.title)}</span>
      <span class="hint">{known.words}</span>
    </>
  );
  if (!details && !output && sources.length === 0) return <div class="task">{head}</div>;
  return (
    <details class="task-details" open={status === 'in_progress' || status === 'error'}>
      <summary class="task">{head}</summary>
      <div class="task-body">
        {details && <RichText block={details} />}
        {output && <RichText block={output} />}
        {sources.map((source) => (
          <a
            key={asText(source.url)}
            href={safeHref(asText(source.url)) ?? undefined}
            target="_blank"
            rel="noreferrer noopener"
          >
            {asText(source.text) || asText(source.url)}
          </a>
        ))}
      </div>
    </details>
  );
}
