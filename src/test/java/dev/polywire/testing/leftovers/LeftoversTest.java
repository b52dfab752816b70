package dev.polywire.testing.leftovers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.polywire.testing.Ports;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A test class that leaves something behind fails by name, and so does a fork with its threads. */
class LeftoversTest {

    static final class LeavesAPort {

        private static ServerSocket left;

        @Test
        void listens() {
            left = Ports.listen(0);
        }
    }

    static final class LeavesAProcess {

        private static Process left;

        @Test
        void starts() throws IOException {
            left = new ProcessBuilder("sleep", "60").start();
        }
    }

    static final class LeavesAFile {

        private static final Path LEFT =
                Path.of("left-by-" + ProcessHandle.current().pid()).toAbsolutePath();

        @Test
        void writes() throws IOException {
            Files.writeString(LEFT, "behind");
        }
    }

    static final class LeavesNothing {

        @Test
        void cleansUp() throws IOException {
            try (ServerSocket closed = Ports.listen(0)) {
                assertTrue(closed.isBound());
            }
            Files.delete(Files.createFile(Path.of("deleted")));
        }
    }

    @Test
    void aPort() throws IOException {
        assertEquals(
                List.of(leftBehind(LeavesAPort.class, "port ")),
                failures(LeavesAPort.class).stream()
                        .map(failure -> failure.replaceAll("\\d+$", ""))
                        .toList());
        LeavesAPort.left.close();
    }

    @Test
    void aProcess() {
        String failure = failures(LeavesAProcess.class).get(0);
        LeavesAProcess.left.destroyForcibly();
        assertTrue(
                failure.startsWith(leftBehind(LeavesAProcess.class, "process " + LeavesAProcess.left.pid()) + " "),
                failure);
    }

    @Test
    void aFile() throws IOException {
        assertEquals(
                List.of(leftBehind(LeavesAFile.class, "file " + LeavesAFile.LEFT.getFileName())),
                failures(LeavesAFile.class));
        Files.delete(LeavesAFile.LEFT);
    }

    @Test
    void nothing() {
        assertEquals(List.of(), failures(LeavesNothing.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"anything", "gate"})
    void aThread(String name) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Thread left = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException over) {
                        return;
                    }
                },
                name);
        left.setDaemon(name.equals("gate"));
        left.start();
        Threads.after(LeavesNothing.class);
        String failure =
                assertThrows(AssertionError.class, () -> Threads.require(0)).getMessage();
        assertTrue(failure.contains(name + " behind " + LeavesNothing.class.getName()), failure);
        end.countDown();
        left.join();
    }

    private static String leftBehind(Class<?> testClass, String what) {
        return testClass.getName() + " left behind: " + what;
    }

    /** Runs a class as a fork does, but for the fork's beginning and end. @return the messages of what failed in it */
    private static List<String> failures(Class<?> testClass) {
        List<String> failures = new ArrayList<>();
        TestExecutionListener listener = new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                result.getThrowable().ifPresent(failure -> failures.add(failure.getMessage()));
            }
        };
        LauncherFactory.create(LauncherConfig.builder()
                        .enableLauncherSessionListenerAutoRegistration(false)
                        .build())
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(testClass))
                                .configurationParameter(Leftovers.PATIENCE, "0")
                                .build(),
                        listener);
        return failures;
    }
}
