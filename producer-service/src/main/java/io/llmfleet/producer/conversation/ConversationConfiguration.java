package io.llmfleet.producer.conversation;

import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.dispatch.MessageBodies;
import io.llmfleet.producer.metrics.StoreMeters;
import io.llmfleet.producer.metrics.StoreSample;
import io.llmfleet.producer.task.DispatchGate;
import io.llmfleet.producer.task.Turns;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Puts the order of turns together. */
@Configuration(proxyBeanMethods = false)
class ConversationConfiguration {

    @Bean
    @Order(1)
    MessageBodies conversationBodies(Turns turns) {
        return new ConversationBodies(turns);
    }

    /** Ends are stored by what cancels, and it cancels what is interrupted. */
    @Bean
    TurnOrder turnOrder(Turns turns, DispatchGate gate, ObjectProvider<Cancellation> cancellation) {
        return new TurnOrder(turns, gate, cancellation::getObject);
    }

    @Bean
    Conversations conversations(Turns turns, TurnOrder order) {
        return new Conversations(turns, order);
    }

    @Bean
    StoreSample haltedConversations(Turns turns, StoreMeters meters) {
        return () -> meters.conversationsHalted(turns.halted());
    }
}
