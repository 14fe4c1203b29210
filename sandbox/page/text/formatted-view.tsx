import type { VNode } from 'preact';
import { clockTick, productNow } from '#sandbox/page/clock.ts';
import { Icon } from '#sandbox/page/icons.tsx';
import { actingUserId, openChannel, readerTimeZone } from '#sandbox/page/session.ts';
import { tables } from '#sandbox/page/tables.ts';
import { formatDayAndTime, formatSlackDate } from './dates.ts';
import { emojiCharacter, splitEmoji } from './emoji.ts';
import { emojiArt } from './emoji-art.ts';
import { type Inline, type ListItem, type Paragraph, safeHref } from './formatted.ts';

export function Formatted({ paragraphs }: { paragraphs: Paragraph[] }) {
  return (
    <div class="formatted">
      {paragraphs.map((paragraph, index) => (
        <ParagraphView key={`${index} ${paragraph.type}`} paragraph={paragraph} />
      ))}
    </div>
  );
}

export function InlineNodes({ nodes }: { nodes: Inline[] }) {
  return (
    <>
      {nodes.map((node, index) => (
        <InlineView key={`${index} ${node.type}`} node={node} />
      ))}
    </>
  );
}

function ParagraphView({ paragraph }: { paragraph: Paragraph }): VNode {
  switch (paragraph.type) {
    case 'heading':
      return <HeadingView level={paragraph.level} nodes={paragraph.children} />;
    case 'pre':
      return <pre class="formatted-pre">{paragraph.text}</pre>;
    case 'quote':
      return (
        <blockquote>
          <Formatted paragraphs={paragraph.children} />
        </blockquote>
      );
    case 'list':
      return <ListView paragraph={paragraph} />;
    case 'table':
      return <TableView rows={paragraph.rows} />;
    case 'rule':
      return <hr />;
    default:
      return (
        <p>
          <InlineNodes nodes={paragraph.children} />
        </p>
      );
  }
}

const headingTags = ['h3', 'h4', 'h5', 'h6'] as const;

function HeadingView({ level, nodes }: { level: number; nodes: Inline[] }) {
  const Tag = headingTags[level - 1] ?? 'h6';
  return (
    <Tag class={`formatted-heading level-${level}`}>
      <InlineNodes nodes={nodes} />
    </Tag>
  );
}

function ListView({ paragraph }: { paragraph: Extract<Paragraph, { type: 'list' }> }) {
  const items = paragraph.items.map((item, index) => (
    <ItemView key={`${index} ${item.indent}`} item={item} />
  ));
  return paragraph.isOrdered ? <ol start={paragraph.start}>{items}</ol> : <ul>{items}</ul>;
}

function ItemView({ item }: { item: ListItem }) {
  return (
    <li class={`indent-${item.indent}${item.isDone === null ? '' : ' has-box'}`}>
      {item.isDone !== null && (
        <input
          type="checkbox"
          checked={item.isDone}
          disabled
          aria-label={item.isDone ? 'done' : 'not done'}
        />
      )}
      <InlineNodes nodes={item.children} />
    </li>
  );
}

function TableView({ rows }: { rows: Inline[][][] }) {
  const [header = [], ...body] = rows;
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>{header.map((cell, index) => tableCell('th', cell, index))}</tr>
        </thead>
        <tbody>
          {body.map((row, index) => (
            <tr key={index}>{row.map((cell, column) => tableCell('td', cell, column))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function tableCell(Tag: 'th' | 'td', nodes: Inline[], column: number) {
  return (
    <Tag key={column}>
      <InlineNodes nodes={nodes} />
    </Tag>
  );
}

const emphasisTags = { bold: 'strong', italic: 'em', strike: 's' } as const;

function InlineView({ node }: { node: Inline }): VNode | string | null {
  switch (node.type) {
    case 'text':
      return <TextNode text={node.text} />;
    case 'break':
      return <br />;
    case 'code':
      return <code>{node.text}</code>;
    case 'bold':
    case 'italic':
    case 'strike': {
      const Tag = emphasisTags[node.type];
      return (
        <Tag>
          <InlineNodes nodes={node.children} />
        </Tag>
      );
    }
    case 'link':
      return (
        <a href={node.href} target="_blank" rel="noreferrer noopener">
          <InlineNodes nodes={node.children} />
        </a>
      );
    case 'emoji':
      return <EmojiView name={node.name} />;
    case 'date':
      return <DateView node={node} />;
    case 'broadcast':
      return <span class="mention is-me">@{node.range}</span>;
    default:
      return <MentionView type={node.type} id={node.id} label={node.label} />;
  }
}

function TextNode({ text }: { text: string }) {
  return (
    <>
      {splitEmoji(text).map((piece, index) =>
        piece.type === 'text' ? piece.text : <EmojiView key={`${index} ${piece.name}`} name={piece.name} />,
      )}
    </>
  );
}

function EmojiView({ name }: { name: string }) {
  const character = emojiCharacter(name);
  const art = emojiArt[name];
  if (character === null) return <>:{name}:</>;
  return (
    <span class="emoji" role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`}>
      {art ? (
        <svg viewBox="0 0 20 20" aria-hidden="true">
          {art.map((shape) => (
            <path
              key={shape.path}
              d={shape.path}
              fill={shape.fill ?? 'none'}
              stroke={shape.stroke}
              stroke-width={shape.width}
            />
          ))}
        </svg>
      ) : (
        character
      )}
    </span>
  );
}

function MentionView(props: { type: 'user' | 'channel' | 'group'; id: string; label: string }) {
  if (props.type === 'channel') return <ChannelMention id={props.id} label={props.label} />;
  const user = tables.users.find(props.id);
  const name = user?.realName ?? (props.label || props.id);
  const isMe = props.id === actingUserId.value;
  return <span class={isMe ? 'mention is-me' : 'mention'}>@{name.replace(/^@/, '')}</span>;
}

function ChannelMention({ id, label }: { id: string; label: string }) {
  const channel = tables.channels.find(id);
  if (!channel) return <span class="mention">#{label || 'unknown-channel'}</span>;
  return (
    <button type="button" class="mention" onClick={() => openChannel(id)}>
      {channel.kind === 'private' ? <Icon name="lock" /> : '#'}
      {channel.name}
    </button>
  );
}

function DateView({ node }: { node: Extract<Inline, { type: 'date' }> }) {
  const timeZone = readerTimeZone.value;
  if (node.format.includes('{ago}')) clockTick.value;
  const words = formatSlackDate(node.timestamp, node.format, { timeZone, nowMs: productNow() });
  const full = formatDayAndTime(node.timestamp * 1000, timeZone);
  const href = node.href ? safeHref(node.href) : null;
  const time = (
    <time dateTime={new Date(node.timestamp * 1000).toISOString()} title={`${full} (${timeZone})`}>
      {words || node.fallback}
    </time>
  );
  return href ? (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {time}
    </a>
  ) : (
    time
  );
}
