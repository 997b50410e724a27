"""What the portal is measured beside; each module starts one and tells what it lacks."""
