import { useLocation } from "wouter";
import { ApiError } from "../api/errors";
import type { FieldProblem, Pattern } from "../api/types";
import { isComplete, pathOf, type Question } from "../model/table/question";
import { useAskAgain, useTableAnswer } from "../state/table";
import { AnswerView } from "./AnswerView";
import { PatternFacts } from "./PatternFacts";
import { PatternForm } from "./PatternForm";

interface Props {
  pattern: Pattern;
  question: Question;
}

/** One access pattern: what it is, what to fill in, and what it found. */
export function AskPage({ pattern, question }: Props) {
  const answer = useTableAnswer(pattern, question);
  const askAgain = useAskAgain();
  const [, navigate] = useLocation();
  const problems = fieldProblems(answer.error);
  const run = (values: Record<string, string>) => {
    const path = pathOf({ ...question, values });
    if (path === pathOf(question)) void askAgain(question);
    else navigate(path);
  };
  return (
    <>
      <section className="asked">
        <h2>{pattern.question}</h2>
        <PatternFacts pattern={pattern} />
        {pattern.reads && (
          <PatternForm
            pattern={pattern}
            values={question.values}
            problems={problems}
            isRunning={answer.isFetching}
            run={run}
          />
        )}
      </section>
      {isComplete(pattern, question.values) && problems.length === 0 && (
        <AnswerView answer={answer} promised={pattern.units} />
      )}
    </>
  );
}

const NONE: FieldProblem[] = [];

function fieldProblems(error: unknown): FieldProblem[] {
  return error instanceof ApiError && error.fields.length > 0 ? error.fields : NONE;
}
