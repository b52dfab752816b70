package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which member a client connects to. The names of B2's cases are those of photon-pump's tests. */
class NodePreferenceTest {

    private static ClusterMember member(String state, int port) {
        return new ClusterMember(
                state, true, new MemberAddress("h", port), new MemberAddress("h", port + 1_000), null, false);
    }

    private static ClusterMember dead(String state, int port) {
        return new ClusterMember(state, false, new MemberAddress("h", port), null, null, false);
    }

    private static List<ClusterMember> of(String states) {
        List<ClusterMember> members = new ArrayList<>();
        for (String state : states.isEmpty() ? new String[0] : states.split(" ")) {
            members.add(member(state, 1 + members.size()));
        }
        return members;
    }

    private static List<String> states(NodePreference preference, List<ClusterMember> members, int... failedPorts) {
        Set<MemberAddress> failed = new HashSet<>();
        for (int port : failedPorts) {
            failed.add(new MemberAddress("h", port));
        }
        return preference.order(members, false, failed, new Random(7)).stream()
                .map(ClusterMember::state)
                .toList();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "LEADER,            'Master Slave Clone',                        'Master Slave Clone'",
        "LEADER,            'Clone Slave Master',                        'Master Slave Clone'",
        "LEADER,            'ReadOnlyReplica Follower Leader',           'Leader Follower ReadOnlyReplica'",
        "LEADER,            'ReadOnlyReplica Unknown',                   'ReadOnlyReplica Unknown'",
        "FOLLOWER,          'Leader Follower ReadOnlyReplica',           'Follower Leader ReadOnlyReplica'",
        "FOLLOWER,          'Master Clone Slave',                        'Slave Clone Master'",
        "FOLLOWER,          'Master',                                    'Master'",
        "READ_ONLY_REPLICA, 'Leader Follower ReadOnlyReplica',           'ReadOnlyReplica Follower Leader'",
        "READ_ONLY_REPLICA, 'Leader Unknown',                            'Leader Unknown'",
        "RANDOM,            'ReadOnlyReplica Leader',                    'Leader ReadOnlyReplica'",
        // Words that nobody knows, and those of nodes that are not ready, come last.
        "LEADER,            'Elected Leader',                            'Leader Elected'",
        "LEADER,            'Initializing ReadOnlyReplica',              'ReadOnlyReplica Initializing'",
        "LEADER,            'ResigningLeader Follower',                  'Follower ResigningLeader'",
        "LEADER,            'PreMaster Clone',                           'Clone PreMaster'",
    })
    void order(NodePreference preference, String states, String expected) {
        assertEquals(List.of(expected.split(" ")), states(preference, of(states)));
    }

    /** {@code test_selector_*} of photon-pump. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "one node,                  'Master',                                       Master",
        "empty list,                '',                                             ",
        "manager,                   'Manager',                                      ",
        "shutdown,                  'Shutdown',                                     ",
        "shutting down,             'ShuttingDown',                                 ",
        "all states, 'Clone Initializing Manager Master PreMaster PreReplica Shutdown ShuttingDown Slave Unknown', Master",
        "clone and slave,           'Clone Slave',                                  Slave",
        "master and slave,          'Master Slave',                                 Master",
        "since 20 the same, 'DiscoverLeader Follower Leader Manager PreLeader ReadOnlyLeaderless Shutdown', Leader",
    })
    void selectors(String name, String states, String expected) {
        List<String> order = states(NodePreference.LEADER, of(states));
        assertEquals(expected == null ? List.of() : List.of(expected), order.subList(0, Math.min(1, order.size())));
    }

    @Test
    void theDeadAreNotChosen() {
        assertEquals(List.of(), states(NodePreference.LEADER, List.of(dead("Master", 1))));
        assertEquals(List.of("Slave"), states(NodePreference.LEADER, List.of(dead("Master", 1), member("Slave", 2))));
    }

    /** Even the leader: whoever has failed comes after all others. */
    @Test
    void whoHasFailedComesLast() {
        assertEquals(List.of("Slave", "Clone", "Master"), states(NodePreference.LEADER, of("Master Slave Clone"), 1));
        assertEquals(
                List.of("Clone", "Master", "Slave"), states(NodePreference.LEADER, of("Master Slave Clone"), 1, 2));
    }

    /** With TLS the secure port is dialled, or nobody. */
    @Test
    void tlsNeedsASecurePort() {
        ClusterMember plain = new ClusterMember("Master", true, new MemberAddress("h", 1), null, null, false);
        ClusterMember secure = new ClusterMember("Slave", true, null, new MemberAddress("h", 2), null, false);
        Random random = new Random(7);
        assertEquals(List.of(secure), NodePreference.LEADER.order(List.of(plain, secure), true, Set.of(), random));
        assertEquals(List.of(plain), NodePreference.LEADER.order(List.of(plain, secure), false, Set.of(), random));
    }

    /** Each of the equal ones is the first at some time. */
    @Test
    void chanceChoosesAmongEquals() {
        Set<String> first = new HashSet<>();
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            first.add(NodePreference.RANDOM
                    .order(of("Leader Follower Clone ReadOnlyReplica"), false, Set.of(), random)
                    .get(0)
                    .state());
        }
        assertEquals(Set.of("Leader", "Follower", "Clone"), first);
    }

    @Test
    void anAddressHasAHostAndAPort() {
        assertEquals("[::1]:1113", new MemberAddress("::1", 1113).toString());
        assertThrows(IllegalArgumentException.class, () -> new MemberAddress("", 1113));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new MemberAddress("h", 0))
                .getMessage()
                .startsWith("port: 0"));
    }
}
