package dev.polywire.house.broken.core.bus;

import com.hazelcast.core.HazelcastInstance;
import dev.polywire.house.Breaks;

@Breaks("Hazelcast")
public interface KnowsHazelcast {

    HazelcastInstance cluster();
}
