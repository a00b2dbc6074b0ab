import { createBudget } from '../base/budget.ts';
import type { Subject } from '../explain/subject.ts';
import type { Derivative } from './types.ts';

const subjects = new WeakMap<Derivative, Subject>();

/** Remembers what a finished derivative was made from. */
export function registerSubject(derivative: Derivative, subject: Subject): void {
  subjects.set(derivative, subject);
}

/** What the explaining views of a derivative are made from. */
export function subjectOf(derivative: Derivative): Subject {
  const subject = subjects.get(derivative)!;
  subject.builder.store.renew(createBudget());
  return subject;
}
