//! Branches from a recorded step, and going on with another device: both begin from a snapshot.

use super::branch::{Head, config};
use super::experiment::Experiment;
use crate::device::OpenDevice;
use crate::model::Block;
use crate::run::SettingsError;
use crate::run::check_another;
use crate::run::fault::{LabFault, LabRequestFault};
use crate::run::protocol::MAX_BRANCHES;
use crate::run::record::BranchId;
use crate::run::settings::Settings;

impl Experiment {
    /// A new branch that begins as another one was after a step. `progress` hears of steps that are computed again, and of
    /// how many, and lets messages come in; it stops the work by saying false.
    ///
    /// # Errors
    /// If the settings do not fit the branch, or there are too many, or all of them together would not fit in memory.
    pub async fn fork(
        &mut self,
        from: BranchId,
        step: u64,
        settings: &Settings,
        mut progress: impl AsyncFnMut(u64, u64) -> bool,
    ) -> Result<BranchId, LabFault> {
        let parent = self.branch(from)?;
        let vocabulary = self.data.tokenizer.vocab_size();
        let settings = Settings { against: None, vocabulary, ..settings.clone() };
        settings.validate()?;
        self.check_device(&settings)?;
        check_fork(&parent.settings, &settings, step)?;
        let wrong = |fault: LabRequestFault| Err(LabFault::Request(fault));
        if self.branches.len() >= MAX_BRANCHES {
            return wrong(LabRequestFault::TooManyBranches { most: MAX_BRANCHES });
        }
        let there: Vec<Settings> = self.branches.iter().map(|branch| branch.settings.clone()).collect();
        check_another(&there, &settings)?;
        if step > parent.head.step {
            return wrong(LabRequestFault::NotThatFar { branch: from, done: parent.head.step, step });
        }
        if step == 0 {
            return self.add(settings, Some((from, 0)), None).map(|id| self.remember_root(id));
        }
        let (parent, mut head) = (parent.clone(), self.head_at(from, step)?);
        let (first, total) = (head.step, step - head.step);
        while head.step < step {
            if !progress(head.step - first, total).await {
                return wrong(LabRequestFault::Interrupted);
            }
            head.step(from, &parent.settings_at(head.step), &self.data, &self.device).await?;
        }
        if settings.method != parent.settings.method {
            let fresh = Head::begin(&settings, &self.data, &self.device)?;
            let blocks = head.model.blocks.into_iter().zip(fresh.model.blocks);
            let shared = settings.method.shared == parent.settings.method.shared;
            let change = |(old, new): (Block, Block)| Block {
                router: new.router,
                shared: if shared { old.shared } else { new.shared },
                ..old
            };
            head.model.blocks = blocks.map(change).collect();
            let kept = |path: &String| !path.split('.').any(|part| part == "router" || (part == "shared" && !shared));
            head.moments.first.retain(|path, _| kept(path));
            head.moments.second.retain(|path, _| kept(path));
        }
        let id = self.add(settings, Some((from, step)), Some(head))?;
        self.keep(id, true).await?;
        Ok(id)
    }

    fn remember_root(&mut self, id: BranchId) -> BranchId {
        // A branch from step 0 can always be made again from its seed.
        if let Some(branch) = self.branches.iter_mut().find(|branch| branch.id == id) {
            branch.parent = None;
        }
        id
    }

    /// Goes on with another device, from each branch's newest snapshot.
    ///
    /// # Errors
    /// If a snapshot cannot be restored there.
    pub fn move_to(&mut self, device: OpenDevice) -> Result<(), LabFault> {
        self.device = device;
        let mut heads = Vec::with_capacity(self.branches.len());
        for branch in &self.branches {
            self.check_device(&branch.settings)?;
            heads.push(match self.snapshots.at(branch.id, u64::MAX) {
                Some((step, snapshot)) => {
                    Head::restore(snapshot, &config(&branch.settings_at(step), &self.data)?, step, &self.device)?
                }
                None => Head::begin(&branch.settings, &self.data, &self.device)?,
            });
        }
        for (branch, head) in self.branches.iter_mut().zip(heads) {
            branch.head = head;
            branch.changes.retain(|(from, _)| *from <= branch.head.step);
            self.histories.entry(branch.id).or_default().cut(branch.head.step);
        }
        Ok(())
    }
}

/// What must stay the same in a fork.
fn check_fork(old: &Settings, new: &Settings, step: u64) -> Result<(), SettingsError> {
    let stacked = |s: &Settings| s.method.stacked(s.experts);
    let same: [(&str, bool); 7] = [
        ("experts", stacked(old) == stacked(new)),
        ("width", old.width == new.width),
        ("layers", old.layers == new.layers),
        ("inner", old.inner == new.inner),
        ("len", old.len == new.len),
        ("batch", old.batch == new.batch),
        ("seed", old.seed == new.seed),
    ];
    if old.text != new.text {
        return Err(SettingsError::OtherText);
    }
    match same.iter().find(|(_, same)| !same) {
        Some((name, _)) if step > 0 => Err(SettingsError::MustKeep { name: (*name).to_owned(), step }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::device::OpenDevice;
    use crate::protocol::DeviceReason;
    use crate::run::fault::{Divergence, LabFault};
    use crate::run::{Coefficients, Settings};
    use crate::trainer::Experiment;
    use pollster::block_on;

    /// No rate that can be chosen breaks a small model at once, so one that cannot be is put in its place here.
    #[test]
    fn a_loss_that_is_no_number_stops_the_branch_and_says_where_to_go_back_to() {
        let tiny =
            Settings { experts: 4, width: 16, inner: 16, batch: 2, len: 16, vocabulary: 280, ..Settings::default() };
        let mut run = block_on(Experiment::start(&tiny, None, "", OpenDevice::cpu(DeviceReason::CpuChosen))).unwrap();
        (0..4).for_each(|_| drop(block_on(run.step(0)).unwrap()));
        block_on(run.keep(0, false)).unwrap();
        run.branches[0].changes.push((4, Coefficients { learning_rate: 1e12, ..Coefficients::default() }));
        let error = (0..100).find_map(|_| block_on(run.step(0)).err()).unwrap();
        let LabFault::Diverged(Divergence { branch, step, back, .. }) = error else { panic!("{error}") };
        assert_eq!((branch, back), (0, 4));
        let said = error.to_string();
        assert!(said.contains(&format!("Step {step} of branch 1")) && said.contains("learning rate"), "{said}");
        assert_eq!(run.branch(0).unwrap().head.step, step - 1);
        let branch = block_on(run.fork(0, back, &tiny, async |_, _| true)).unwrap();
        (0..2).for_each(|_| assert!(block_on(run.step(branch)).unwrap().loss.is_finite()));
    }
}
