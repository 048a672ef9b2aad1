package io.llmfleet.producer.dispatch;

import static java.util.stream.Collectors.groupingBy;

import io.llmfleet.producer.task.OpenTasks.Lane;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Max-min fair shares: nobody gets more than it asks for, what one leaves goes to the others, and
 * those who get less than they ask for get the same (Bertsekas, Gallager: Data Networks, 2nd
 * edition, section 6.5.2).
 */
final class MaxMin {

    private MaxMin() {}

    /** Shares of {@code total}, in the order of the demands. */
    static long[] shares(long[] demands, long total) {
        int[] bySize =
                IntStream.range(0, demands.length)
                        .boxed()
                        .sorted(Comparator.comparingLong(i -> demands[i]))
                        .mapToInt(i -> i)
                        .toArray();
        long[] shares = new long[demands.length];
        long left = Math.max(0, total);
        for (int i = 0; i < bySize.length; i++) {
            long equal = left / (bySize.length - i);
            shares[bySize[i]] = Math.min(demands[bySize[i]], equal);
            left -= shares[bySize[i]];
        }
        return shares;
    }

    /** Shares of tenants, and of each tenant's types in what is the tenant's. */
    static Map<Lane, Long> ofLanes(Map<Lane, Long> demands, long total) {
        List<List<Lane>> tenants =
                List.copyOf(demands.keySet().stream().collect(groupingBy(Lane::tenant)).values());
        long[] ofTenants =
                shares(
                        tenants.stream()
                                .mapToLong(t -> t.stream().mapToLong(demands::get).sum())
                                .toArray(),
                        total);
        Map<Lane, Long> shares = new HashMap<>();
        for (int t = 0; t < ofTenants.length; t++) {
            List<Lane> types = tenants.get(t);
            long[] ofTypes = shares(types.stream().mapToLong(demands::get).toArray(), ofTenants[t]);
            for (int i = 0; i < ofTypes.length; i++) {
                shares.put(types.get(i), ofTypes[i]);
            }
        }
        return shares;
    }
}
