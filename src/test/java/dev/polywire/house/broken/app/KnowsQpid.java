package dev.polywire.house.broken.app;

import dev.polywire.house.Breaks;
import org.apache.qpid.server.SystemLauncher;

@Breaks("Qpid")
public interface KnowsQpid {

    SystemLauncher broker();
}
