package io.llmfleet.producer.task;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Commits everything that waits in one transaction, so that many callers share one flush to disk.
 *
 * <p>If a group fails, each of its members is tried alone, so one that the store refuses never
 * fails another's request; if the store is away all of them fail at once.
 *
 * @param <T> what is committed
 */
final class GroupCommit<T> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    private final int maxGroup;
    private final Consumer<List<T>> transaction;
    private final BlockingQueue<Member<T>> waiting = new LinkedBlockingQueue<>();
    private final List<Thread> committers = new ArrayList<>();
    private volatile boolean closed;

    private record Member<T>(T value, CompletableFuture<Void> committed) {}

    /**
     * @param threads transactions at once
     * @param transaction writes a group; throws if nothing of it was written
     */
    GroupCommit(int threads, int maxGroup, Consumer<List<T>> transaction) {
        this.maxGroup = maxGroup;
        this.transaction = transaction;
        for (int i = 0; i < threads; i++) {
            committers.add(Thread.ofPlatform().name("group-commit-" + i).daemon().start(this::run));
        }
    }

    /** Completes after the commit. */
    CompletableFuture<Void> add(T value) {
        Member<T> member = new Member<>(value, new CompletableFuture<>());
        waiting.add(member);
        return member.committed();
    }

    int waiting() {
        return waiting.size();
    }

    @Override
    public void close() {
        closed = true;
        committers.forEach(Thread::interrupt);
    }

    private void run() {
        List<Member<T>> group = new ArrayList<>(maxGroup);
        while (!closed) {
            try {
                group.add(waiting.take());
                waiting.drainTo(group, maxGroup - 1);
                commit(group);
            } catch (InterruptedException e) {
                return;
            } finally {
                group.clear();
            }
        }
    }

    private void commit(List<Member<T>> group) {
        try {
            transaction.accept(group.stream().map(Member::value).toList());
            group.forEach(m -> m.committed().complete(null));
        } catch (RuntimeException e) {
            if (group.size() == 1 || isOutage(e)) {
                group.forEach(m -> m.committed().completeExceptionally(asFailure(e)));
            } else {
                note(group.size(), e);
                group.forEach(m -> commit(List.of(m)));
            }
        }
    }

    /** A request that comes twice, or at a bad time, is nothing to look after. */
    private static void note(int size, RuntimeException e) {
        if (e instanceof DuplicateKeyException || e instanceof ConversationBusyException) {
            log.debug("a group of {} has one that is refused, trying one by one", size);
        } else {
            log.warn("a group of {} failed, trying one by one: {}", size, e.toString());
        }
    }

    private static RuntimeException asFailure(RuntimeException e) {
        return isOutage(e) ? new StoreUnavailableException("the store is away", e) : e;
    }

    private static boolean isOutage(RuntimeException e) {
        return e instanceof DataAccessResourceFailureException
                || e instanceof TransientDataAccessException
                || e instanceof TransactionException;
    }
}
