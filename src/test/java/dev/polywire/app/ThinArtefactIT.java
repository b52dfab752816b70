package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What comes with {@code dev.polywire:polywire} into a project that has nothing else. Maven resolves the published pom: in
 * a local repository that is this machine's own, by links, but for our artefact.
 */
@Timeout(300)
class ThinArtefactIT {

    private static final String VERSION = System.getProperty("polywire.version");
    private static final Path ROOT = Path.of(System.getProperty("polywire.basedir", "."));

    /** What everybody gets: group and artifact. Netty's parts are those that Vert.x core wants. */
    private static final Set<String> ALWAYS = Set.of(
            "dev.polywire:polywire",
            "io.vertx:vertx-core",
            "io.vertx:vertx-core-logging",
            "io.vertx:vertx-service-proxy",
            "io.vertx:vertx-codegen-api",
            "io.vertx:vertx-codegen-json",
            "io.vertx:vertx-codegen-processor",
            "com.fasterxml.jackson.core:jackson-core",
            "org.jspecify:jspecify",
            "io.netty:*");

    /** Not a temporary directory: those are emptied with a warning for each link. */
    private final Path directory = ROOT.resolve("target/thin-artefact").toAbsolutePath();

    @BeforeEach
    void empty() throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> before = Files.walk(directory)) {
                for (Path each : before.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        Files.createDirectories(directory);
    }

    @Test
    void anEmptyProjectGetsNoProtocolsLibraryUnlessItAsks() throws Exception {
        Path repository = repository();
        project(
                "pom.xml",
                "all",
                "pom",
                "<modules><module>bare</module><module>mongodb</module><module>managed</module>"
                        + "<module>eventstore</module></modules>");
        project("bare/pom.xml", "bare", "jar", dependencies("dev.polywire:polywire:" + VERSION));
        project(
                "mongodb/pom.xml",
                "mongodb",
                "jar",
                dependencies("dev.polywire:polywire:" + VERSION, "org.mongodb:bson:5.14.0"));
        project(
                "managed/pom.xml",
                "managed",
                "jar",
                "<dependencyManagement>"
                        + dependencies("dev.polywire:polywire-bom:" + VERSION)
                                .replace("</version>", "</version><type>pom</type><scope>import</scope>")
                        + "</dependencyManagement>"
                        + dependencies("dev.polywire:polywire:", "org.mongodb:bson:")
                                .replace("<version></version>", ""));
        project(
                "eventstore/pom.xml",
                "eventstore",
                "jar",
                dependencies("dev.polywire:polywire:" + VERSION, "com.google.protobuf:protobuf-java:4.36.2"));

        Process maven = new ProcessBuilder(
                        Path.of(System.getProperty("polywire.maven"), "bin", "mvn")
                                .toString(),
                        "-B",
                        "-ntp",
                        "-q",
                        "-Dmaven.repo.local=" + repository,
                        "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:list",
                        "-DoutputFile=dependencies.txt",
                        "-DincludeScope=runtime")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        maven.getOutputStream().close();
        String said = new String(maven.getInputStream().readAllBytes());
        assertEquals(0, maven.waitFor(), said);

        assertEquals(new TreeSet<>(ALWAYS), resolved("bare"));
        Set<String> withMongo = new TreeSet<>(ALWAYS);
        withMongo.add("org.mongodb:bson");
        assertEquals(withMongo, resolved("mongodb"));
        assertEquals(withMongo, resolved("managed"));
        Set<String> withEventStore = new TreeSet<>(ALWAYS);
        withEventStore.add("com.google.protobuf:protobuf-java");
        assertEquals(withEventStore, resolved("eventstore"));
    }

    /** All that this machine has of others, and what was just built of us. */
    private Path repository() throws IOException {
        Path own = Path.of(System.getProperty("polywire.repository"));
        Path repository = Files.createDirectories(directory.resolve("repository"));
        linkAllBut("dev", own, repository);
        linkAllBut("polywire", own.resolve("dev"), Files.createDirectories(repository.resolve("dev")));
        Path ours = Files.createDirectories(repository.resolve("dev/polywire/polywire/" + VERSION));
        String name = "polywire-" + VERSION;
        Files.copy(ROOT.resolve("pom.xml"), ours.resolve(name + ".pom"));
        Files.copy(BuiltJar.THIN.file(), ours.resolve(name + ".jar"));
        Path bom = Files.createDirectories(repository.resolve("dev/polywire/polywire-bom/" + VERSION));
        Files.copy(ROOT.resolve("bom/pom.xml"), bom.resolve("polywire-bom-" + VERSION + ".pom"));
        return repository;
    }

    private static void linkAllBut(String name, Path from, Path to) throws IOException {
        try (Stream<Path> entries = Files.exists(from) ? Files.list(from) : Stream.empty()) {
            for (Path entry : entries.toList()) {
                if (!entry.getFileName().toString().equals(name)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    private void project(String file, String name, String packaging, String more) throws IOException {
        Path pom = directory.resolve(file);
        Files.createDirectories(pom.getParent());
        Files.writeString(pom, """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>org.example</groupId>
                  <artifactId>%s</artifactId>
                  <version>1</version>
                  <packaging>%s</packaging>
                  %s
                </project>
                """.formatted(name, packaging, more));
    }

    private static String dependencies(String... all) {
        return Stream.of(all)
                .map(each -> each.split(":", -1))
                .map(each ->
                        "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>"
                                .formatted((Object[]) each))
                .collect(Collectors.joining("", "<dependencies>", "</dependencies>"));
    }

    /** Lines as {@code    io.vertx:vertx-core:jar:5.1.6:compile -- module io.vertx.core}. */
    private Set<String> resolved(String project) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve(project).resolve("dependencies.txt"));
        return lines.stream()
                .map(line -> line.strip().split(":"))
                .filter(parts -> parts.length >= 5)
                .map(parts -> parts[0] + ":" + (parts[0].equals("io.netty") ? "*" : parts[1]))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
