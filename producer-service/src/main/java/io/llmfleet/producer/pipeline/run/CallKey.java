package io.llmfleet.producer.pipeline.run;

/**
 * Which task of a run this is.
 *
 * @param item of the step's list, from 0; 0 where there is none
 * @param iteration of its loop, from 1; 0 is the fallback
 * @param part of its calls, from 0
 * @param attempt from 1
 */
public record CallKey(String step, int item, int iteration, int part, int attempt) {

    static final int FALLBACK = 0;

    CallKey again() {
        return new CallKey(step, item, iteration, part, attempt + 1);
    }
}
