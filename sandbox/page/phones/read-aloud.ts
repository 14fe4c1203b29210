import { useEffect, useRef } from 'preact/hooks';
import { remembered } from '#sandbox/page/session.ts';
import type { PhoneCall, PhoneCallLine } from '#sandbox/page-protocol.ts';

/** Whether this browser can speak at all. */
export const canReadAloud = 'speechSynthesis' in window && 'SpeechSynthesisUtterance' in window;
export const isReadingAloud = remembered('ringmaster.readAloud', false);

/** A clause that is complete; what is still being spoken waits for its end. */
const clause = /[^.!?;:,]*[.!?;:,]+\s*/g;

/**
 * Reads what the assistant says on this call, clause by clause as it is spoken, from the moment the switch is on. Whoever
 * cuts in on the line silences it here too.
 */
export function useReadAloud(call: PhoneCall) {
  const spoken = useRef(new Map<number, number>());
  const isOn = canReadAloud && isReadingAloud.value;
  useEffect(() => {
    if (!isOn) return;
    for (const line of call.lines) spoken.current.set(line.id, line.text.length);
    return () => window.speechSynthesis.cancel();
  }, [isOn, call.id]);
  useEffect(() => {
    if (!isOn) return;
    for (const line of call.lines.filter(({ who }) => who === 'assistant')) {
      const from = spoken.current.get(line.id) ?? 0;
      spoken.current.set(line.id, from + readOn(line, from));
    }
  }, [isOn, call.lines]);
}

/** Reads what of a line has not been read; how many characters further it is now. */
function readOn({ text, isSpeaking, isCut }: PhoneCallLine, from: number): number {
  const rest = text.slice(from);
  if (isCut) window.speechSynthesis.cancel();
  if (isCut) return rest.length;
  const words = isSpeaking ? (rest.match(clause) ?? []).join('') : rest;
  if (words.trim() !== '') window.speechSynthesis.speak(new SpeechSynthesisUtterance(words));
  return words.length;
}
