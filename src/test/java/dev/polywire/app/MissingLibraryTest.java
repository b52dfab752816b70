package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.MissingLibraryException;
import dev.polywire.examples.Readme;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The thin artefact without its optional libraries: what needs one says which, and everything else runs. */
@Timeout(120)
class MissingLibraryTest {

    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);
    private static final Pattern LIBRARY = Pattern.compile("[\\w.-]+:[\\w.-]+:[\\w.-]+");

    @TempDir
    Path directory;

    @Test
    void ofVerticles() throws Exception {
        String bson = " is not on the class path (expected: the dependency " + library("org.bson") + ")";
        try (ProgramProcess thin = java(Set.of(), ThinApplication.class.getName())) {
            List<String> said = thin.rest();
            assertEquals(0, thin.exit(), said::toString);
            assertEquals(12, said.size(), said::toString);
            assertTrue(said.get(0).startsWith("mongodb: MissingLibraryException: org.bson."), said::toString);
            assertTrue(said.get(0).endsWith(bson), said::toString);
            assertEquals(said.get(0).replaceFirst("mongodb", "mongodb again"), said.get(1));
            assertEquals(
                    List.of(
                            "bolt: runs",
                            "bolt-server: runs",
                            "amqp: runs",
                            "framed-client: runs",
                            "framed-server: runs",
                            "bridge: runs",
                            "whole: runs"),
                    said.subList(2, 9));
            assertTrue(
                    said.get(9).startsWith("whole with mongodb: MissingLibraryException: org.bson."), said::toString);
            assertTrue(said.get(9).endsWith(bson), said::toString);
            assertEquals("proxy: nobody at the address", said.get(10));
            assertEquals(
                    "eventstore: protobuf is not on the class path (expected: the dependency com.google.protobuf:protobuf-java)",
                    said.get(11));
        }
    }

    @Test
    void ofTheProgram() throws Exception {
        try (ProgramProcess thin = java(Set.of(), Main.class.getName(), "check", "--conf", "none.yaml")) {
            List<String> said = thin.rest();
            assertEquals(1, thin.exit(), said::toString);
            assertEquals(1, said.size(), said::toString);
            assertTrue(said.get(0).startsWith("cannot start: picocli."), said::toString);
            assertTrue(said.get(0).endsWith(" (expected: the dependency " + library("picocli") + ")"), said::toString);
        }
    }

    /** Our own embedded servers run without the libraries of others. */
    @Test
    void echoesNeedNone() throws Exception {
        int[] ports = ProgramProcess.freePorts(2);
        Path file = Files.writeString(directory.resolve("echoes.json"), """
                {"embedded": [{"type": "framed-echo", "port": %d}, {"type": "bolt-echo", "port": %d}]}
                """.formatted(ports[0], ports[1]));
        Set<String> more = Set.of("picocli", "vertx-config-", "config-", "snakeyaml-");
        try (ProgramProcess program = java(more, Main.class.getName(), "run", "--conf", file.toString())) {
            program.await("Polywire is up.");
        }
    }

    /** Each optional dependency that is compiled against, in the version of the build. */
    @Test
    void allAreKnown() throws Exception {
        String pom = String.join("\n", Readme.lines("pom.xml"));
        Map<String, String> versions = Pattern.compile("<([\\w.-]+\\.version)>([^<]+)</")
                .matcher(pom)
                .results()
                .collect(Collectors.toMap(each -> each.group(1), each -> each.group(2)));
        Set<String> optional = new TreeSet<>();
        for (MatchResult each : DEPENDENCY.matcher(pom).results().toList()) {
            if (each.group(1).contains("<optional>") && !each.group(1).contains("<scope>")) {
                String version = each.group(1).contains("<version>")
                        ? tag(each, "version")
                        : managed(pom, tag(each, "artifactId"));
                String name = version.replaceAll("[${}]", "");
                optional.add(tag(each, "groupId") + ":" + tag(each, "artifactId") + ":"
                        + versions.getOrDefault(name, version));
            }
        }
        Set<String> known = new TreeSet<>();
        for (Object each : libraries().values()) {
            LIBRARY.matcher(each.toString()).results().forEach(library -> known.add(library.group()));
        }
        assertEquals(optional, known);
    }

    @Test
    void otherCausesAreLeftAlone() {
        for (Throwable other : List.of(
                new NoClassDefFoundError("com/example/Their"),
                new IllegalStateException(new ClassNotFoundException("Nothing")),
                new RuntimeException("org.bson.Document"))) {
            assertEquals(other, MissingLibraryException.or(other));
        }
        assertTrue(MissingLibraryException.or(new BootstrapMethodError(new NoClassDefFoundError("org/bson/BsonValue")))
                .getMessage()
                .startsWith("org.bson.BsonValue is not on the class path"));
    }

    /** A JVM with what the thin artefact brings along. @param more parts of the names of other libraries */
    private static ProgramProcess java(Set<String> more, String... arguments) throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> isThin(Path.of(entry).getFileName().toString(), more))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> all = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath));
        all.addAll(List.of(arguments));
        return ProgramProcess.java(Map.of(), all.toArray(String[]::new));
    }

    private static boolean isThin(String name, Set<String> more) {
        return !name.endsWith(".jar")
                || name.matches("(netty|jackson-core|jspecify|vertx-(core|service-proxy|codegen)).*")
                || more.stream().anyMatch(name::startsWith);
    }

    private static String library(String ofPackage) throws Exception {
        return libraries().getProperty(ofPackage);
    }

    private static Properties libraries() throws Exception {
        Properties libraries = new Properties();
        libraries.load(MissingLibraryException.class.getResourceAsStream("libraries.properties"));
        return libraries;
    }

    private static String managed(String pom, String artifactId) {
        return DEPENDENCY
                .matcher(pom)
                .results()
                .filter(each -> tag(each, "artifactId").equals(artifactId))
                .map(each -> tag(each, "version"))
                .findFirst()
                .orElseThrow();
    }

    private static String tag(MatchResult dependency, String name) {
        Matcher value = Pattern.compile("<" + name + ">([^<]+)<").matcher(dependency.group(1));
        assertTrue(value.find(), dependency::group);
        return value.group(1);
    }
}
