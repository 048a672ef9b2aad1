package io.llmfleet.producer.dispatch;

import io.llmfleet.producer.dispatch.Windows.Allowed;
import io.llmfleet.producer.task.LaneLooks;
import io.llmfleet.producer.task.LaneLooks.Look;
import io.llmfleet.producer.task.OpenTask;
import io.llmfleet.producer.task.OpenTasks;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills the windows from the store, while no other replica does; those would count the same room
 * once each.
 */
final class WindowFiller {

    /** How many tasks are taken at once. */
    private static final int BUDGET = 1_000;

    private final LaneLooks looks;
    private final OpenTasks openTasks;
    private final Dispatcher dispatcher;
    private final Lanes lanes;
    private final Windows windows;

    WindowFiller(
            LaneLooks looks,
            OpenTasks openTasks,
            Dispatcher dispatcher,
            Lanes lanes,
            Windows windows) {
        this.looks = looks;
        this.openTasks = openTasks;
        this.dispatcher = dispatcher;
        this.lanes = lanes;
        this.windows = windows;
    }

    void fill() {
        List<OpenTask> claimed = new ArrayList<>();
        looks.whileAlone(() -> claim(claimed));
        claimed.forEach(dispatcher::dispatch);
    }

    private void claim(List<OpenTask> claimed) {
        Look look = looks.look(windows.lastAt(), windows.untaken(), BUDGET);
        Allowed allowed = windows.learn(look);
        lanes.seen(look.lanes(), allowed);
        DispatchPolicy.shares(windows.rooms(look, allowed), BUDGET)
                .forEach(
                        (lane, share) -> {
                            List<OpenTask> taken = openTasks.claim(lane, share);
                            windows.claimed(lane, taken.size());
                            lanes.claimed(lane, taken.size());
                            claimed.addAll(taken);
                        });
    }
}
