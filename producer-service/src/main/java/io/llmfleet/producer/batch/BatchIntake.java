package io.llmfleet.producer.batch;

import io.llmfleet.producer.task.DuplicateTaskException;
import io.llmfleet.producer.task.FieldError;
import io.llmfleet.producer.task.KeyedTask;
import io.llmfleet.producer.task.NewTask;
import io.llmfleet.producer.task.OnceKey;
import io.llmfleet.producer.task.ParsedTask;
import io.llmfleet.producer.task.TaskOrigin;
import io.llmfleet.producer.task.TaskRequestParser;
import io.llmfleet.producer.task.Tasks;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Accepts the lines of one batch as they come, each for itself, and says in their order what became
 * of them. It waits for commits only when so much is under way that more would not fit into memory.
 */
public final class BatchIntake {

    /** The most lines of one batch. */
    public static final int MOST_LINES = 50_000;

    private static final int WINDOW_LINES = 2_000;
    private static final long WINDOW_BYTES = 16L * 1024 * 1024;

    private final Tasks tasks;
    private final TaskRequestParser parser;

    BatchIntake(Tasks tasks, TaskRequestParser parser) {
        this.tasks = tasks;
        this.parser = parser;
    }

    /**
     * Reads to the end of the input.
     *
     * @param longest how many bytes a line may have
     * @param origin of each line
     * @param key of the request, under which each of its lines is accepted once
     * @param sink is told each outcome in the order of the lines
     * @throws IOException if the caller went away; what was accepted stays accepted
     */
    public void run(
            InputStream in,
            int longest,
            Supplier<TaskOrigin> origin,
            Optional<String> key,
            Consumer<LineOutcome> sink)
            throws IOException {
        NdjsonLines lines = new NdjsonLines(in, longest);
        Window window = new Window(sink);
        int count = 0;
        for (NdjsonLines.Line line = lines.next(); line != null; line = lines.next()) {
            count++;
            if (count <= MOST_LINES) {
                window.add(size(line), outcome(line, longest, origin, key));
            } else if (count == MOST_LINES + 1) {
                window.add(0, CompletableFuture.completedFuture(tooMany(line.number())));
            }
        }
        window.drain();
    }

    private CompletableFuture<LineOutcome> outcome(
            NdjsonLines.Line line, int longest, Supplier<TaskOrigin> origin, Optional<String> key) {
        byte[] json = line.json();
        if (json == null) {
            return CompletableFuture.completedFuture(tooLong(line.number(), longest));
        }
        return switch (parser.parse(json, origin.get())) {
            case ParsedTask.Valid valid ->
                    submit(
                            line.number(),
                            valid.task(),
                            key.map(k -> OnceKey.of(k + "#" + line.number(), json)));
            case ParsedTask.Invalid invalid ->
                    CompletableFuture.completedFuture(
                            new LineOutcome.Refused(line.number(), invalid.errors()));
        };
    }

    private CompletableFuture<LineOutcome> submit(int line, NewTask task, Optional<OnceKey> key) {
        try {
            return (key.isEmpty() ? tasks.submit(task) : tasks.submitOnce(task, key.get()))
                    .<LineOutcome>thenApply(accepted -> new LineOutcome.Accepted(line, task.id()))
                    .exceptionallyAsync(
                            thrown -> unaccepted(line, task.tenant(), key, thrown),
                            Thread::startVirtualThread);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(new LineOutcome.Failed(line, e));
        }
    }

    private LineOutcome unaccepted(
            int line, String tenant, Optional<OnceKey> key, Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        if (key.isEmpty() || !(cause instanceof DuplicateTaskException)) {
            return new LineOutcome.Failed(line, thrown);
        }
        try {
            return tasks.findOnce(tenant, key.get().key())
                    .map(known -> join(line, key.get(), known))
                    .orElseGet(() -> new LineOutcome.Failed(line, thrown));
        } catch (RuntimeException e) {
            return new LineOutcome.Failed(line, e);
        }
    }

    private static LineOutcome join(int line, OnceKey key, KeyedTask known) {
        return key.fits(known)
                ? new LineOutcome.Accepted(line, known.id())
                : new LineOutcome.Refused(
                        line,
                        List.of(
                                new FieldError(
                                        "Idempotency-Key",
                                        "came with another line before; accepted: a key of its own"
                                                + " for each request")));
    }

    private static int size(NdjsonLines.Line line) {
        byte[] json = line.json();
        return json == null ? 0 : json.length;
    }

    private static LineOutcome tooLong(int line, int longest) {
        return new LineOutcome.Refused(
                line,
                List.of(
                        new FieldError(
                                "body",
                                "the line has more than the accepted " + longest + " bytes")));
    }

    private static LineOutcome tooMany(int line) {
        return new LineOutcome.Refused(
                line,
                List.of(
                        new FieldError(
                                "body",
                                "this line and all after it are beyond the accepted "
                                        + MOST_LINES
                                        + " lines; nothing of them was accepted")));
    }

    /** What is under way, oldest first. */
    private static final class Window {

        private record Entry(int size, CompletableFuture<LineOutcome> outcome) {}

        private final Consumer<LineOutcome> sink;
        private final Deque<Entry> entries = new ArrayDeque<>();
        private long bytes;

        Window(Consumer<LineOutcome> sink) {
            this.sink = sink;
        }

        void add(int size, CompletableFuture<LineOutcome> outcome) {
            entries.add(new Entry(size, outcome));
            bytes += size;
            while (!entries.isEmpty() && (isFull() || entries.element().outcome().isDone())) {
                tellFirst();
            }
        }

        void drain() {
            while (!entries.isEmpty()) {
                tellFirst();
            }
        }

        private boolean isFull() {
            return entries.size() > WINDOW_LINES || bytes > WINDOW_BYTES;
        }

        private void tellFirst() {
            Entry first = entries.remove();
            bytes -= first.size();
            sink.accept(first.outcome().join());
        }
    }
}
