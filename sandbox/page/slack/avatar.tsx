import { Icon } from '#sandbox/page/icons.tsx';
import { tables } from '#sandbox/page/tables.ts';

const hues = 8;

/** Initials on a colour that follows from the id, so that a person looks the same everywhere. */
export function Avatar({ userId, size = 'normal' }: { userId: string; size?: 'normal' | 'small' }) {
  const user = tables.users.find(userId);
  const name = user?.realName || user?.name || '?';
  return (
    <span class={`avatar is-${size} hue-${hueOf(userId)}${user?.isBot ? ' is-bot' : ''}`} aria-hidden="true">
      {user?.isBot ? <Icon name="bot" /> : initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => word?.charAt(0) ?? '');
  return letters.join('').toUpperCase();
}

function hueOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return sum % hues;
}
