package io.llmfleet.producer.dispatch;

import io.llmfleet.broker.ConfirmingPublisher;
import io.llmfleet.producer.metrics.TaskMeters;
import io.llmfleet.producer.task.LaneLooks;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.producer.task.TaskProperties;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.tracing.Spans;
import io.llmfleet.wire.BodyEncoder;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the dispatch together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DispatchProperties.class)
class DispatchConfiguration {

    @Bean
    Throughput throughput() {
        return new Throughput();
    }

    @Bean
    Windows windows(DispatchProperties properties, Supplier<FleetWorkers> workers) {
        return new Windows(properties.ahead(), properties.window(), workers);
    }

    @Bean
    Lanes lanes(Windows windows) {
        return new Lanes(new Windows.Allowed(Map.of(), Map.of(), windows.ofUnused()));
    }

    @Bean
    WindowFiller windowFiller(
            LaneLooks looks,
            OpenTasks openTasks,
            Dispatcher dispatcher,
            Lanes lanes,
            Windows windows) {
        return new WindowFiller(looks, openTasks, dispatcher, lanes, windows);
    }

    /** The last requests bring tasks when the loop has stopped. */
    @Bean(destroyMethod = "flush")
    SentTasks sentTasks(OpenTasks openTasks) {
        return new SentTasks(openTasks);
    }

    @Bean
    Dispatcher dispatcher(
            ConfirmingPublisher publisher,
            ObjectProvider<MessageBodies> bodies,
            BodyEncoder encoder,
            SentTasks sent,
            Lanes lanes,
            Throughput throughput,
            DispatchProperties properties,
            TaskProperties tasks,
            Spans spans,
            TaskMeters meters,
            BudgetWatch budgets) {
        return new Dispatcher(
                publisher,
                bodies.orderedStream().toList(),
                encoder,
                sent,
                lanes,
                throughput,
                properties,
                tasks.maxAttempts(),
                spans,
                meters,
                budgets);
    }

    @Bean
    DispatchLoop dispatchLoop(
            OpenTasks openTasks,
            Dispatcher dispatcher,
            Lanes lanes,
            WindowFiller filler,
            SentTasks sent,
            Throughput throughput,
            DispatchProperties properties) {
        return new DispatchLoop(openTasks, dispatcher, lanes, filler, sent, throughput, properties);
    }

    @Bean
    ControlStream controlStream(ConfirmingPublisher publisher) {
        return new ControlStream(publisher);
    }

    @Bean
    Cancellation cancellation(Tasks tasks, Ending ending, ControlStream control) {
        return new Cancellation(tasks, ending, control);
    }

    @Bean
    Upkeep upkeep(
            OpenTasks openTasks,
            Ending ending,
            Dispatcher dispatcher,
            ControlStream control,
            DispatchProperties properties) {
        return new Upkeep(openTasks, ending, dispatcher, control, properties);
    }
}
