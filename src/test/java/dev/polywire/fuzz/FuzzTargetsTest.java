package dev.polywire.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every target on all its seeds, on what was found once, and on a fixed number of inputs near those. */
class FuzzTargetsTest {

    private static final int MUTATIONS = 10_000;

    static Stream<String> names() {
        return FuzzTargets.ALL.stream().map(FuzzTarget::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void seeds(String name) {
        FuzzTarget target = FuzzTargets.named(name);
        List<Buffer> seeds = target.seeds().toList();
        assertTrue(!seeds.isEmpty());
        seeds.forEach(seed -> run(target, seed));
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatWasFoundOnce(String name) throws IOException {
        FuzzTarget target = FuzzTargets.named(name);
        for (Path found : FuzzTargets.found(target)) {
            run(target, Buffer.buffer(Files.readAllBytes(found)));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void neighboursOfSeeds(String name) {
        FuzzTarget target = FuzzTargets.named(name);
        Mutations mutations = new Mutations(target.seeds().toList());
        for (int i = 0; i < MUTATIONS; i++) {
            run(target, mutations.next());
        }
    }

    @Test
    void findingsBelongToTargets() throws IOException {
        try (Stream<Path> directories = Files.list(FuzzTargets.FINDINGS)) {
            assertEquals(
                    List.of(),
                    directories
                            .map(each -> each.getFileName().toString())
                            .filter(each -> names().noneMatch(each::equals))
                            .toList());
        }
    }

    private static void run(FuzzTarget target, Buffer input) {
        try {
            Allocation.run(target, input, Allocation.PER_INPUT_BYTE);
        } catch (Throwable finding) {
            throw new AssertionError(target.name() + " on " + Vectors.hex(input), finding);
        }
    }
}
