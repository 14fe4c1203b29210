import type { CallScript } from '#domain/call.ts';

/** What a call says when Mia of Acme calls Bob about an order. */
export const CALL_SCRIPT: CallScript = {
  greeting:
    'Hello, this is Mia, an automated voice calling on behalf of Acme. If you do not want these calls, say stop calling, or press 9, at any time.',
  welcome: 'Hi Bob, it is about your order.',
  agenda: 'We would like to deliver it on Tuesday. Does that suit you?',
  closing: 'We will see you on Tuesday. Goodbye.',
  voicemail: null,
  contactName: 'Bob',
  companyName: 'Acme',
  assistantName: 'Mia',
  language: 'en-US',
  voice: 'joanna',
  isRecording: false,
  detection: 'async',
  maxSeconds: 600,
  values: { name: 'Bob', order: '17' },
};
