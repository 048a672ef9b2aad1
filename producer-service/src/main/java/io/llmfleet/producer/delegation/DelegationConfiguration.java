package io.llmfleet.producer.delegation;

import io.llmfleet.producer.dispatch.Cancellation;
import io.llmfleet.producer.dispatch.MessageBodies;
import io.llmfleet.producer.task.Admission;
import io.llmfleet.producer.task.DelegationProperties;
import io.llmfleet.producer.task.Delegations;
import io.llmfleet.producer.task.DispatchGate;
import io.llmfleet.producer.task.RetentionProperties;
import io.llmfleet.producer.task.TaskRequestParser;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts delegation together. */
@Configuration(proxyBeanMethods = false)
class DelegationConfiguration {

    @Bean
    DelegationPolicy delegationPolicy(DelegationProperties properties) {
        return new DelegationPolicy(properties.maxRounds());
    }

    @Bean
    @Order(2)
    MessageBodies delegationBodies(
            Delegations delegations, DelegationPolicy policy, DelegationProperties properties) {
        return new DelegationBodies(delegations, policy, properties);
    }

    /** Ends are stored by what cancels, and it cancels children of what has ended. */
    @Bean
    ChildWatch childWatch(
            Delegations delegations,
            DispatchGate gate,
            ObjectProvider<Cancellation> cancellation,
            RetentionProperties retention) {
        return new ChildWatch(
                delegations, gate, cancellation::getObject, retention.contentDays() + 1);
    }

    @Bean
    Delegator delegator(
            Delegations delegations,
            TaskRequestParser parser,
            Admission admission,
            DelegationPolicy policy,
            DelegationProperties properties,
            TransactionTemplate transactions,
            ChildWatch watch) {
        return new Delegator(
                delegations, parser, admission, policy, properties, transactions, watch);
    }
}
