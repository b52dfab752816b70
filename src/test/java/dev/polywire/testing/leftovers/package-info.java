/**
 * Names the test class that leaves something behind: a port, a process, a file, a thread. Start with {@link
 * dev.polywire.testing.leftovers.Leftovers}; what may outlive its class is listed in {@link
 * dev.polywire.testing.leftovers.Shared}.
 */
package dev.polywire.testing.leftovers;
