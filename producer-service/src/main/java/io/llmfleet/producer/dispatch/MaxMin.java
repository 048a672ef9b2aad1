package io.llmfleet.producer.dispatch;

import java.util.Comparator;
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
}
