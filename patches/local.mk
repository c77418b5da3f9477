ropp_patches =

EXTRA_DIST += $(ropp_patches)
