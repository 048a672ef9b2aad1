package io.llmfleet.producer.task;

/** Who has a say in whether a task is accepted, besides the dispatch: the limits of its key. */
public interface Admission {

    /**
     * Asked before the task is stored; what it takes is given back with the final state.
     *
     * @param bytes of the task's body
     * @throws OverloadedException if the task may not be accepted now; then nothing was taken
     */
    void admit(NewTask task, int bytes);

    /** The task was admitted, but is not stored and never will be. */
    void withdraw(NewTask task);
}
